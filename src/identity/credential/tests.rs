use proptest::prelude::*;

use super::*;

fn found(headers: &[(&str, &str)], path: &str, configured: Option<&str>) -> Result<String, Reason> {
    let headers = headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    find(headers, path.as_bytes(), configured).map(|credential| credential.as_str().to_owned())
}

#[test]
fn one_credential_is_found_where_sdks_put_it() {
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, Option<&'a str>, Result<&'a str, Reason>);
    const MISSING: Result<&str, Reason> = Err(Reason::TokenMissing);
    const TWICE: Result<&str, Reason> = Err(Reason::TokenDuplicate);
    let rows: &[Row] = &[
        ("nothing", &[], "/", None, MISSING),
        ("other headers", &[("host", "t"), ("x-key", "t")], "/?a=t", None, MISSING),
        ("bearer", &[("authorization", "Bearer t.t.t")], "/", None, Ok("t.t.t")),
        ("bearer, any case", &[("authorization", "bEARER t")], "/", None, Ok("t")),
        ("bearer, more blanks", &[("authorization", " Bearer   t ")], "/", None, Ok("t")),
        ("name in capitals", &[("Authorization", "Bearer t")], "/", None, Ok("t")),
        ("bearer of nothing", &[("authorization", "Bearer ")], "/", None, MISSING),
        ("bearer alone", &[("authorization", "Bearer")], "/", None, MISSING),
        ("bearer without blank", &[("authorization", "Bearert")], "/", None, MISSING),
        ("no scheme", &[("authorization", "t.t.t")], "/", None, MISSING),
        ("basic", &[("authorization", "Basic dTpw")], "/", None, MISSING),
        ("aws", &[("authorization", "AWS4-HMAC-SHA256 Credential=a/b")], "/", None, MISSING),
        ("anthropic", &[("x-api-key", "t")], "/", None, Ok("t")),
        ("azure", &[("api-key", "t")], "/", None, Ok("t")),
        ("gemini header", &[("x-goog-api-key", "t")], "/", None, Ok("t")),
        ("gemini query", &[], "/v1?alt=sse&key=t", None, Ok("t")),
        ("query, name encoded", &[], "/v1?%6bEy=t%2Et", None, Ok("t.t")),
        ("query, behind a semicolon", &[], "/v1?a=b;key=t", None, Ok("t")),
        ("query, empty", &[], "/v1?key=&a=b", None, MISSING),
        ("query, no value", &[], "/v1?key", None, MISSING),
        ("key in the path only", &[], "/key=t", None, MISSING),
        ("basic beside a key", &[("authorization", "Basic a"), ("x-api-key", "t")], "/", None, Ok("t")),
        ("empty beside a key", &[("x-api-key", ""), ("authorization", "Bearer t")], "/", None, Ok("t")),
        ("configured, not told", &[("x-gateway", "t")], "/", None, MISSING),
        ("configured, plain", &[("x-gateway", "t")], "/", Some("x-gateway"), Ok("t")),
        ("configured, bearer", &[("x-gateway", "Bearer t")], "/", Some("X-Gateway"), Ok("t")),
        ("configured, the usual one", &[("authorization", "Bearer t")], "/", Some("authorization"), Ok("t")),
        ("configured, the usual one, plain", &[("authorization", "t")], "/", Some("authorization"), Ok("t")),
        ("one header twice", &[("x-api-key", "t"), ("x-api-key", "t")], "/", None, TWICE),
        ("twice, one empty", &[("x-api-key", "t"), ("x-api-key", "")], "/", None, TWICE),
        (
            "twice, one basic",
            &[("authorization", "Basic t"), ("authorization", "Bearer t")],
            "/",
            None,
            TWICE,
        ),
        ("two headers", &[("authorization", "Bearer t"), ("api-key", "t")], "/", None, TWICE),
        ("header and query", &[("x-goog-api-key", "t")], "/?key=t", None, TWICE),
        ("query twice", &[], "/?key=t&KEY=t", None, TWICE),
        ("configured and usual", &[("x-g", "t"), ("authorization", "Bearer t")], "/", Some("x-g"), TWICE),
    ];
    for (name, headers, path, configured, expected) in rows {
        assert_eq!(found(headers, path, *configured), expected.map(str::to_owned), "{name}");
    }
}

#[test]
fn bytes_that_are_no_text_are_malformed() {
    let headers: [(&[u8], &[u8]); 1] = [(b"x-api-key", b"\xff\xfe")];
    assert_eq!(find(headers.into_iter(), b"/", None), Err(Reason::TokenMalformed));
    assert_eq!(find([].into_iter(), b"/?key=%ff", None), Err(Reason::TokenMalformed));
    assert_eq!(find([].into_iter(), b"/?key=\xc3", None), Err(Reason::TokenMalformed));
}

#[test]
fn a_credential_does_not_print() {
    let credential = find([].into_iter(), b"/?key=secret", None).unwrap();
    assert!(!format!("{credential:?}").contains("secret"));
}

#[test]
fn headers_with_credentials_are_known_in_any_case() {
    for (name, why) in STRIPPED_HEADERS {
        assert!(
            is_credential_header(name.as_bytes()) && is_credential_header(name.to_uppercase().as_bytes())
        );
        assert!(!why.is_empty() && *name == name.to_lowercase(), "{name}");
    }
    assert!(STRIPPED_HEADERS.is_sorted());
    for name in ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "openai-organization"] {
        assert!(is_credential_header(name.as_bytes()), "{name}");
    }
    for name in
        ["host", "content-type", "anthropic-version", "anthropic-beta", "openai-beta", "x-amz-target", ""]
    {
        assert!(!is_credential_header(name.as_bytes()), "{name}");
    }
}

#[test]
fn query_credentials_are_cut_out_and_nothing_else() {
    let rows = [
        ("/v1", None),
        ("/v1?", None),
        ("/v1?alt=sse&monkey=1&keys=2&tokens=3", None),
        ("/key=1/token?alt=key", None),
        ("/v1?key=t", Some("/v1")),
        ("/v1?key", Some("/v1")),
        ("/v1?key=t&alt=sse", Some("/v1?alt=sse")),
        ("/v1?alt=sse&key=t", Some("/v1?alt=sse")),
        ("/v1?a=1&key=t&&b=%20+;c", Some("/v1?a=1&&b=%20+;c")),
        ("/v1?a=1;key=t;b=2", Some("/v1?a=1;b=2")),
        ("/v1?KEY=t", Some("/v1")),
        ("/v1?%6B%65y=t", Some("/v1")),
        ("/v1?api%5Fkey=t&api%2Dkey=u&a", Some("/v1?a")),
        ("/v1?X-Amz-Signature=t&X-Amz-Credential=u&Action=x", Some("/v1?Action=x")),
        ("/v1?x%2damz-security-token=t", Some("/v1")),
        ("/v1?a=b?key=t", None),
        ("/v1?a=1&access_token=t=u&token=v&subscription-key=w&sig=x", Some("/v1?a=1")),
        ("/v1?%6=1&key=2&%zz", Some("/v1?%6=1&%zz")),
    ];
    for (path, expected) in rows {
        let stripped = strip_query_credentials(path.as_bytes());
        assert_eq!(stripped.as_deref(), expected.map(str::as_bytes), "{path}");
    }
}

proptest! {
    #[test]
    fn what_is_stripped_holds_no_credential_and_only_old_bytes(path in "/[a-z]{0,3}\\?([ky%6bBeE=&;?+]|key=|key|token=t){0,12}") {
        match strip_query_credentials(path.as_bytes()) {
            None => prop_assert!(!parameters(path.as_bytes()).any(|parameter| parameter.is_credential())),
            Some(stripped) => {
                prop_assert!(stripped.len() < path.len());
                prop_assert_eq!(strip_query_credentials(&stripped), None);
                let mut old = path.bytes();
                let is_old = stripped.iter().all(|byte| *byte == b'?' || old.any(|other| other == *byte));
                prop_assert!(is_old);
            }
        }
    }

    #[test]
    fn no_bytes_break_the_search(path: Vec<u8>, name in "authorization|x-api-key|x", value: Vec<u8>) {
        let _ = find([(name.as_bytes(), value.as_slice())].into_iter(), &path, Some("x"));
        let _ = strip_query_credentials(&path);
    }
}
