//! Where a client's credential may stand in a request, and everything that must not travel on to the provider.
//!
//! [`find`] reads the places where the SDKs of the known providers put their key, because that is where a client
//! of the gateway puts its token. [`is_credential_header`] and [`strip_query_credentials`] are wider: they know what
//! *any* provider, proxy or cloud would take as a credential or as the choice of an account to bill. The gateway
//! adds its own afterwards.

use std::borrow::Cow;
use std::fmt;

use crate::reason::Reason;

#[cfg(test)]
mod tests;

/// The headers whose whole value is the token: Anthropic, Azure OpenAI, Gemini.
const KEY_HEADERS: [&str; 3] = ["x-api-key", "api-key", "x-goog-api-key"];

/// A credential as the client sent it: not verified, not even looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential<'r>(Cow<'r, str>);

impl Credential<'_> {
    /// The text, which [`super::verify`] takes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Finds the one credential of a request.
///
/// `headers` yields every header line, repeated ones too, with names in lower case as HTTP/2 and Envoy give them.
/// `path` is `:path`. `configured` is a further header that may carry the token, with or without `Bearer `.
///
/// Places: `authorization` with the scheme `Bearer` (RFC 6750 section 2.1; any other scheme is no token),
/// `x-api-key`, `api-key`, `x-goog-api-key`, the configured header, and the query parameter `key`.
///
/// Errors: [`Reason::TokenMissing`]; [`Reason::TokenDuplicate`] where two places are filled or one header or
/// parameter stands twice, even with equal values, because whoever reads next may choose otherwise than we did;
/// [`Reason::TokenMalformed`] where the value is not UTF-8.
pub fn find<'r>(
    headers: impl Iterator<Item = (&'r [u8], &'r [u8])>,
    path: &'r [u8],
    configured: Option<&str>,
) -> Result<Credential<'r>, Reason> {
    let mut seen: Vec<&[u8]> = Vec::new();
    let mut found: Vec<Cow<'r, [u8]>> = Vec::new();
    for (name, value) in headers {
        let is_configured = configured.is_some_and(|header| name.eq_ignore_ascii_case(header.as_bytes()));
        let is_authorization = name.eq_ignore_ascii_case(b"authorization");
        let is_key = KEY_HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header.as_bytes()));
        if !(is_configured || is_authorization || is_key) {
            continue;
        }
        if seen.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(Reason::TokenDuplicate);
        }
        seen.push(name);
        let value = value.trim_ascii();
        let token = match bearer(value) {
            Some(token) if is_configured || is_authorization => token,
            _ if is_authorization && !is_configured => b"",
            _ => value,
        };
        if !token.is_empty() {
            found.push(token.into());
        }
    }
    for parameter in parameters(path) {
        if parameter.name().eq_ignore_ascii_case(b"key") {
            let value = parameter.value();
            if !value.is_empty() {
                found.push(value);
            }
        }
    }
    let mut found = found.into_iter();
    let token = found.next().ok_or(Reason::TokenMissing)?;
    if found.next().is_some() {
        return Err(Reason::TokenDuplicate);
    }
    let text = match token {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    };
    text.map(Credential).ok_or(Reason::TokenMalformed)
}

/// Request headers that never travel on, with the reason. In alphabetical order.
///
/// A header belongs here when some provider, or a proxy in front of one, takes it as proof of identity or lets it
/// choose the account, organisation or project that is billed. (A WebSocket handshake can carry a key in
/// `sec-websocket-protocol`; upgrades are refused as such.)
pub const STRIPPED_HEADERS: &[(&str, &str)] = &[
    ("access-token", "bearer token of home-grown gateways"),
    ("anthropic-organization-id", "Anthropic: the organisation that is billed"),
    ("anthropic-workspace-id", "Anthropic: the workspace that is billed"),
    ("api-key", "Azure OpenAI key"),
    ("apikey", "API key of Kong, Apigee and IBM gateways"),
    ("auth-token", "bearer token of home-grown gateways"),
    ("authorization", "RFC 9110 section 11.6.2; also AWS signatures"),
    ("cf-access-client-id", "Cloudflare Access service token"),
    ("cf-access-client-secret", "Cloudflare Access service token"),
    ("cf-access-jwt-assertion", "Cloudflare Access identity"),
    ("cf-access-token", "Cloudflare Access identity"),
    ("cf-aig-authorization", "Cloudflare AI Gateway token"),
    ("cookie", "sessions of any kind"),
    ("dpop", "RFC 9449 proof that belongs to the client's token"),
    ("helicone-auth", "Helicone gateway key"),
    ("helicone-openai-api-base", "Helicone: the provider that is called"),
    ("helicone-target-url", "Helicone: the provider that is called"),
    ("ml-instance-id", "IBM watsonx: the instance that is billed"),
    ("ocp-apim-resourceid", "Azure AI: the resource that is billed"),
    ("ocp-apim-subscription-key", "Azure API Management and Azure AI key"),
    ("openai-organization", "OpenAI: the organisation that is billed"),
    ("openai-project", "OpenAI: the project that is billed"),
    ("private-token", "GitLab token"),
    ("proxy-authorization", "RFC 9110 section 11.7.2"),
    ("token", "bearer token of home-grown gateways"),
    ("x-access-token", "bearer token of home-grown gateways"),
    ("x-amz-content-sha256", "AWS signature version 4: belongs to the client's signature"),
    ("x-amz-date", "AWS signature version 4: belongs to the client's signature"),
    ("x-amz-security-token", "AWS session token"),
    ("x-amzn-oidc-accesstoken", "AWS load balancer: the user's access token"),
    ("x-amzn-oidc-data", "AWS load balancer: the user's claims"),
    ("x-api-key", "Anthropic key, AWS API Gateway key"),
    ("x-apikey", "API key of Apigee and others"),
    ("x-auth-email", "Cloudflare API: the account"),
    ("x-auth-key", "Cloudflare API key"),
    ("x-auth-request-access-token", "oauth2-proxy: the user's access token"),
    ("x-auth-token", "OpenStack, Huawei Cloud and others: bearer token"),
    ("x-authorization", "stand-in for authorization behind proxies"),
    ("x-dashscope-workspace", "Alibaba Model Studio: the workspace that is billed"),
    ("x-databricks-org-id", "Databricks: the workspace that is billed"),
    ("x-forwarded-access-token", "oauth2-proxy: the user's access token"),
    ("x-forwarded-authorization", "stand-in for authorization behind proxies"),
    ("x-goog-api-key", "Google key"),
    ("x-goog-iam-authority-selector", "Google: which authority the call is made under"),
    ("x-goog-iam-authorization-token", "Google: token for that authority"),
    ("x-goog-iap-jwt-assertion", "Google Identity-Aware Proxy identity"),
    ("x-goog-user-project", "Google: the project that is billed"),
    ("x-hf-bill-to", "Hugging Face: the organisation that is billed"),
    ("x-ibm-client-id", "IBM API Connect credential"),
    ("x-ibm-client-secret", "IBM API Connect credential"),
    ("x-litellm-api-key", "LiteLLM gateway key"),
    ("x-ms-authorization-auxiliary", "Azure: further tokens"),
    ("x-ms-client-principal", "Azure App Service: the user's claims"),
    ("x-ms-token-aad-access-token", "Azure App Service: the user's access token"),
    ("x-openai-api-key", "gateways that hand it on as OpenAI's key"),
    ("x-portkey-api-key", "Portkey gateway key"),
    ("x-portkey-config", "Portkey: provider, key and model that are used"),
    ("x-portkey-custom-host", "Portkey: the provider that is called"),
    ("x-portkey-provider", "Portkey: the provider that is called"),
    ("x-portkey-virtual-key", "Portkey: the stored provider key that is used"),
    ("x-serverless-authorization", "Google Cloud Run: preferred over authorization"),
    ("x-snowflake-authorization-token-type", "Snowflake: how the token is to be read"),
    ("x-tc-token", "Tencent Cloud session token"),
    ("x-token", "bearer token of home-grown gateways"),
];

/// Whether a request header of this name (any case) must not travel on: see [`STRIPPED_HEADERS`].
///
/// The header that the configuration names for the token is not known here; its caller strips it too.
pub fn is_credential_header(name: &[u8]) -> bool {
    let letters = || name.iter().map(u8::to_ascii_lowercase);
    STRIPPED_HEADERS.binary_search_by(|(header, _)| header.bytes().cmp(letters())).is_ok()
}

/// Query parameters that carry a credential or choose who is billed, in lower case: Google's `key`, `access_token`
/// (also RFC 6750 section 2.3), `oauth_token` and `userProject`; Azure's `api-key`, `subscription-key` and the `sig` of a
/// shared access signature; AWS signature version 2; the spellings that home-grown gateways use; and Google's `$httpHeaders`, which
/// stand for header lines.
const STRIPPED_PARAMETERS: [&str; 27] = [
    "$httpheaders",
    "$httpmethod",
    "access-token",
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "auth",
    "auth_token",
    "authorization",
    "awsaccesskeyid",
    "bearer_token",
    "client_secret",
    "id_token",
    "jwt",
    "key",
    "oauth_token",
    "ocp-apim-subscription-key",
    "sig",
    "signature",
    "subscription-key",
    "subscription_key",
    "token",
    "userproject",
    "x-api-key",
    "x-auth-token",
    "x-goog-api-key",
];

/// Families of parameters: AWS signature version 4 and Google's signed URLs in the query.
const STRIPPED_PARAMETER_PREFIXES: [&str; 2] = ["x-amz-", "x-goog-"];

/// The path without the credentials of its query, or `None` where it holds none. All other bytes stay as they are.
///
/// Names are compared after percent-decoding and in any case. Both `&` and `;` end a parameter, because some servers
/// still read `;` that way.
pub fn strip_query_credentials(path: &[u8]) -> Option<Vec<u8>> {
    if !parameters(path).any(|parameter| parameter.is_credential()) {
        return None;
    }
    let before_query = path.split(|byte| *byte == b'?').next().unwrap_or_default();
    let mut stripped = before_query.to_vec();
    let mut is_first = true;
    for parameter in parameters(path).filter(|parameter| !parameter.is_credential()) {
        stripped.push(if is_first { b'?' } else { parameter.separator });
        stripped.extend_from_slice(parameter.text);
        is_first = false;
    }
    Some(stripped)
}

/// One `name=value` of a query.
struct Parameter<'p> {
    /// What stood before it: `?`, `&` or `;`.
    separator: u8,
    text: &'p [u8],
}

impl<'p> Parameter<'p> {
    fn name(&self) -> Cow<'p, [u8]> {
        percent_decode(self.text.split(|byte| *byte == b'=').next().unwrap_or_default())
    }

    fn value(&self) -> Cow<'p, [u8]> {
        let at = self.text.iter().position(|byte| *byte == b'=');
        percent_decode(at.and_then(|at| self.text.get(at + 1..)).unwrap_or_default())
    }

    fn is_credential(&self) -> bool {
        let name = self.name().to_ascii_lowercase();
        STRIPPED_PARAMETERS.iter().any(|parameter| name == parameter.as_bytes())
            || STRIPPED_PARAMETER_PREFIXES.iter().any(|prefix| name.starts_with(prefix.as_bytes()))
    }
}

fn parameters(path: &[u8]) -> impl Iterator<Item = Parameter<'_>> {
    let query = path.iter().position(|byte| *byte == b'?').and_then(|at| path.get(at..)).unwrap_or_default();
    let mut rest = query;
    std::iter::from_fn(move || {
        let (separator, after) = rest.split_first()?;
        let end = after.iter().position(|byte| matches!(byte, b'&' | b';')).unwrap_or(after.len());
        let (text, next) = after.split_at_checked(end)?;
        rest = next;
        Some(Parameter { separator: *separator, text })
    })
}

/// The token of a `Bearer` credential; the scheme is written in any case (RFC 9110 section 11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked("bearer".len())?;
    let is_bearer = scheme.eq_ignore_ascii_case(b"bearer") && rest.first().is_none_or(|byte| *byte == b' ');
    is_bearer.then(|| rest.trim_ascii())
}

/// Decodes `%XX`; everything else, incomplete escapes too, stands for itself.
fn percent_decode(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let escape = match (first, after) {
            (b'%', [high, low, tail @ ..]) => {
                hex(*high).zip(hex(*low)).map(|(high, low)| (high * 16 + low, tail))
            }
            _ => None,
        };
        match escape {
            Some((byte, tail)) => {
                decoded.push(byte);
                rest = tail;
            }
            None => decoded.push(*first),
        }
    }
    Cow::Owned(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}
