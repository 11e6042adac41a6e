//! Why an exchange was refused or cut. One code serves the reply, the record, the metric and the
//! documentation; the codes are stable and `portcullis reasons` lists them.

use std::fmt;

macro_rules! reasons {
    ($($(#[doc = $meaning:literal])+ $variant:ident = $code:literal, $status:literal;)+) => {
        /// A stable reason code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl Reason {
            /// Every reason, in the order in which an exchange can meet them.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),+];

            /// The code in replies, records and metrics.
            pub fn code(self) -> &'static str {
                match self { $(Reason::$variant => $code),+ }
            }

            /// The HTTP status of a refusal, where the status line has not left yet.
            pub fn status(self) -> u16 {
                match self { $(Reason::$variant => $status),+ }
            }

            /// One sentence for operators and for the client's error message.
            pub fn meaning(self) -> &'static str {
                match self { $(Reason::$variant => concat!($($meaning),+).trim_ascii()),+ }
            }
        }
    };
}

reasons! {
    /// No route of the configuration matches this request.
    RouteUnmatched = "route_unmatched", 403;
    /// The request asks for a protocol upgrade, which cannot be inspected.
    UpgradeDenied = "upgrade_denied", 403;
    /// No credential was found where one may stand.
    TokenMissing = "token_missing", 401;
    /// A credential stands in two places at once.
    TokenDuplicate = "token_duplicate", 401;
    /// The credential is not a signed JWT in compact form.
    TokenMalformed = "token_malformed", 401;
    /// The token names an algorithm that its key or its issuer does not allow.
    TokenAlgorithm = "token_algorithm", 401;
    /// No configured issuer has the name that the token gives.
    TokenIssuer = "token_issuer", 401;
    /// The issuer's keys could not be fetched, so no token of it can be verified.
    KeysUnavailable = "keys_unavailable", 503;
    /// The issuer has no key that fits the token.
    TokenKeyUnknown = "token_key_unknown", 401;
    /// The signature does not verify.
    TokenSignature = "token_signature", 401;
    /// The token is for another audience.
    TokenAudience = "token_audience", 401;
    /// The token has expired.
    TokenExpired = "token_expired", 401;
    /// The token is not valid yet.
    TokenNotYetValid = "token_not_yet_valid", 401;
    /// The token lives longer than the issuer's configuration allows.
    TokenLifetime = "token_lifetime", 401;
    /// A claim that the configuration needs is absent or has the wrong type.
    TokenClaims = "token_claims", 401;
    /// The request's body is larger than the route allows.
    RequestTooLarge = "request_too_large", 413;
    /// The request's body is not valid JSON.
    RequestMalformed = "request_malformed", 400;
    /// A key that policy reads stands twice in the request.
    RequestDuplicateKey = "request_duplicate_key", 400;
    /// What policy reads of the request can be read in two ways: its path is not plain, or a key is written in another case than
    /// the API's.
    RequestAmbiguous = "request_ambiguous", 400;
    /// The API, operation or content is not understood, and the route does not pass it unscanned.
    UnsupportedContent = "unsupported_content", 415;
    /// A rule of the route denies this call.
    RuleDenied = "rule_denied", 403;
    /// No rule of the route allows this identity.
    IdentityDenied = "identity_denied", 403;
    /// No rule of the route allows this API to this identity.
    ApiDenied = "api_denied", 403;
    /// No rule of the route allows this operation to this identity.
    OperationDenied = "operation_denied", 403;
    /// No rule of the route allows this model to this identity.
    ModelDenied = "model_denied", 403;
    /// No rule of the route allows one of the request's tools to this identity.
    ToolDenied = "tool_denied", 403;
    /// The request holds content that the guard blocks.
    RequestBlocked = "request_blocked", 403;
    /// The request or the answer holds data of a higher level than the route allows.
    ClassificationExceeded = "classification_exceeded", 403;
    /// Envoy sent the request by another of its routes than the one that was judged.
    RouteChanged = "route_changed", 502;
    /// The answer holds content that the guard blocks.
    ResponseBlocked = "response_blocked", 403;
    /// The answer is larger than the route allows.
    ResponseTooLarge = "response_too_large", 502;
    /// The answer is not what its content type says.
    ResponseMalformed = "response_malformed", 502;
    /// The answer is compressed although compression was not offered.
    ResponseEncoded = "response_encoded", 502;
    /// More had to be held back for a verdict than the route allows.
    HoldLimit = "hold_limit", 502;
    /// The answer ended in trailers while bytes were still held back.
    ResponseTrailers = "response_trailers", 502;
    /// Envoy answered in the upstream's place before the request was judged.
    ProxyRefused = "proxy_refused", 502;
    /// The client left before the request was judged.
    ClientGone = "client_gone", 499;
    /// An event came that the exchange's phase does not expect.
    OutOfPhase = "out_of_phase", 500;
    /// Envoy did not hand over data that the filter needs.
    HostFailure = "host_failure", 500;
    /// The audit sink is down and the configuration wants evidence first.
    AuditUnavailable = "audit_unavailable", 503;
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_meanings_are_sentences() {
        let mut codes: Vec<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert!(reason.meaning().ends_with('.'), "{reason}");
            assert!((400..600).contains(&reason.status()), "{reason}");
        }
    }
}
