//! An OpenID issuer: signs tokens, serves its keys, and fails when told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Request, Response};
use jwt_simple::claims::JWTClaims;
use jwt_simple::prelude::*;
use serde_json::{Map, Value, json};

use crate::Error;
use crate::body::{AnyBody, BodyScript};
use crate::server::{ANY_PORT, Server};

/// The audience of tokens that name none.
pub const AUDIENCE: &str = "api://ai-gateway";

/// What a running issuer calls itself unless told otherwise.
pub const NAME: &str = "https://issuer.test";

/// A signing key with its key id.
#[derive(Clone)]
pub enum Key {
    Es256(Arc<ES256KeyPair>),
    EdDsa(Box<Ed25519KeyPair>),
    Rs256(Box<RS256KeyPair>),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({:?})", self.kid())
    }
}

impl Key {
    pub fn es256(kid: &str) -> Key {
        Key::Es256(Arc::new(ES256KeyPair::generate().with_key_id(kid)))
    }

    pub fn eddsa(kid: &str) -> Key {
        Key::EdDsa(Box::new(Ed25519KeyPair::generate().with_key_id(kid)))
    }

    /// Of 2048 bits. Takes a second or so.
    pub fn rs256(kid: &str) -> Key {
        let pair = RS256KeyPair::generate(2048).expect("2048 bits are allowed");
        Key::Rs256(Box::new(pair.with_key_id(kid)))
    }

    /// The public half as a JWK, with `kid`, `alg` and `use`.
    pub fn jwk(&self) -> Value {
        let jwk = match self {
            Key::Es256(pair) => pair.public_key().to_jwk(),
            Key::EdDsa(pair) => pair.public_key().to_jwk(),
            Key::Rs256(pair) => pair.public_key().to_jwk(),
        };
        let mut jwk: Value = serde_json::from_str(&jwk).expect("a JWK is JSON");
        jwk["use"] = json!("sig");
        jwk
    }

    pub fn kid(&self) -> String {
        self.jwk()["kid"].as_str().unwrap_or_default().to_owned()
    }

    fn with_kid(&self, kid: &str) -> Key {
        match self.clone() {
            // This one cannot be cloned.
            Key::Es256(pair) => {
                let pair = ES256KeyPair::from_bytes(&pair.to_bytes()).expect("its own bytes");
                Key::Es256(Arc::new(pair.with_key_id(kid)))
            }
            Key::EdDsa(pair) => Key::EdDsa(Box::new(pair.with_key_id(kid))),
            Key::Rs256(pair) => Key::Rs256(Box::new(pair.with_key_id(kid))),
        }
    }

    fn sign(&self, claims: Map<String, Value>) -> String {
        let claims = unchecked(claims);
        let token = match self {
            Key::Es256(pair) => pair.sign(claims),
            Key::EdDsa(pair) => pair.sign(claims),
            Key::Rs256(pair) => pair.sign(claims),
        };
        token.expect("claims that are JSON")
    }

    fn public_pem(&self) -> String {
        let pem = match self {
            Key::Es256(pair) => pair.public_key().to_pem(),
            Key::EdDsa(pair) => Ok(pair.public_key().to_pem()),
            Key::Rs256(pair) => pair.public_key().to_pem(),
        };
        pem.expect("a public key has a PEM form")
    }
}

/// A token in the making. Unless changed: this issuer, [`AUDIENCE`], subject `alice`, issued now, valid for 5 minutes,
/// signed by the issuer's newest key.
#[derive(Clone, Debug)]
pub struct Token {
    claims: Map<String, Value>,
    key: Key,
}

/// A token that must not be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// Another subject, put in after signing.
    Tampered,
    /// `alg: none` and no signature.
    Unsigned,
    /// `alg: HS256`, with the public key's PEM as the secret.
    HmacOfPublicKey,
}

impl Token {
    pub fn subject(self, subject: &str) -> Token {
        self.claim("sub", subject)
    }

    pub fn groups<const N: usize>(self, groups: [&str; N]) -> Token {
        self.claim("groups", groups.to_vec())
    }

    /// The claim `org`.
    pub fn tenant(self, tenant: &str) -> Token {
        self.claim("org", tenant)
    }

    pub fn audience(self, audience: &str) -> Token {
        self.claim("aud", audience)
    }

    pub fn issuer(self, issuer: &str) -> Token {
        self.claim("iss", issuer)
    }

    /// Seconds from now; may be negative.
    pub fn expires_in(self, seconds: i64) -> Token {
        self.claim("exp", unix_time() + seconds)
    }

    /// Seconds from now; may be negative.
    pub fn not_before(self, seconds: i64) -> Token {
        self.claim("nbf", unix_time() + seconds)
    }

    /// Seconds from now; may be negative.
    pub fn issued(self, seconds: i64) -> Token {
        self.claim("iat", unix_time() + seconds)
    }

    /// Any claim, with any type.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Token {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    pub fn without(mut self, name: &str) -> Token {
        self.claims.remove(name);
        self
    }

    /// Another key id in the header; the key stays.
    pub fn kid(mut self, kid: &str) -> Token {
        self.key = self.key.with_kid(kid);
        self
    }

    pub fn sign_with(mut self, key: &Key) -> Token {
        self.key = key.clone();
        self
    }

    /// The token.
    pub fn sign(self) -> String {
        self.key.sign(self.claims)
    }

    /// A token that looks like this one and is not its issuer's.
    pub fn forge(self, forgery: Forgery) -> String {
        let header = |alg: &str| encoded(&json!({"alg": alg, "typ": "JWT", "kid": self.key.kid()}));
        match forgery {
            Forgery::Tampered => {
                let signed = self.clone().sign();
                let payload = encoded(&Value::Object(self.subject("mallory").claims));
                let mut parts: Vec<&str> = signed.split('.').collect();
                parts[1] = &payload;
                parts.join(".")
            }
            Forgery::Unsigned => format!("{}.{}.", header("none"), encoded(&Value::Object(self.claims))),
            Forgery::HmacOfPublicKey => {
                let claims = unchecked(self.claims);
                let key = HS256Key::from_bytes(self.key.public_pem().as_bytes()).with_key_id(&self.key.kid());
                key.authenticate(claims).expect("claims that are JSON")
            }
        }
    }
}

/// Claims as they are, of whatever type.
fn unchecked(custom: Map<String, Value>) -> JWTClaims<Map<String, Value>> {
    JWTClaims {
        issued_at: None,
        expires_at: None,
        invalid_before: None,
        issuer: None,
        subject: None,
        audiences: None,
        jwt_id: None,
        nonce: None,
        custom,
    }
}

/// A running issuer; ends when dropped.
#[derive(Debug)]
pub struct Issuer {
    pub addr: SocketAddr,
    /// Its `iss`.
    pub name: String,
    state: Arc<Mutex<State>>,
    _server: Server,
}

#[derive(Debug)]
struct State {
    name: String,
    keys: Vec<Key>,
    stranger: Option<Key>,
    answer: KeysAnswer,
    requests: usize,
}

/// What it answers where its keys are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysAnswer {
    Keys,
    Status(u16),
    /// 200 with this body.
    Body(String),
    /// Nothing, ever.
    Silence,
}

impl Issuer {
    /// With one ES256 key, `key-1`.
    pub fn start() -> Issuer {
        Issuer::with_keys(vec![Key::es256("key-1")])
    }

    pub fn with_keys(keys: Vec<Key>) -> Issuer {
        Issuer::listen(ANY_PORT, NAME, keys).expect("a free port")
    }

    pub fn listen(listen: SocketAddr, name: &str, keys: Vec<Key>) -> Result<Issuer, Error> {
        let state =
            State { name: name.to_owned(), keys, stranger: None, answer: KeysAnswer::Keys, requests: 0 };
        let state = Arc::new(Mutex::new(state));
        let server = Server::start(listen, {
            let state = Arc::clone(&state);
            move |_, request| answer(Arc::clone(&state), request)
        })?;
        Ok(Issuer { addr: server.addr, name: name.to_owned(), state, _server: server })
    }

    pub fn token(&self) -> Token {
        let state = lock(&self.state);
        token(&state.name, state.keys.last().expect("an issuer has a key"))
    }

    /// From now on it has this key only.
    pub fn rotate(&self, key: Key) {
        lock(&self.state).keys = vec![key];
    }

    /// One more key, which signs from now on.
    pub fn add(&self, key: Key) {
        lock(&self.state).keys.push(key);
    }

    pub fn keys(&self) -> Vec<Key> {
        lock(&self.state).keys.clone()
    }

    /// The key set as it is served.
    pub fn jwks(&self) -> Value {
        jwks(&lock(&self.state).keys)
    }

    /// Answers 500, or its keys again.
    pub fn fail(&self, fail: bool) {
        self.answer_keys(if fail { KeysAnswer::Status(500) } else { KeysAnswer::Keys });
    }

    pub fn answer_keys(&self, answer: KeysAnswer) {
        lock(&self.state).answer = answer;
    }

    /// How often its keys were asked for.
    pub fn requests(&self) -> usize {
        lock(&self.state).requests
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poison| poison.into_inner())
}

fn jwks(keys: &[Key]) -> Value {
    json!({"keys": keys.iter().map(Key::jwk).collect::<Vec<_>>()})
}

fn token(name: &str, key: &Key) -> Token {
    let token = Token { claims: Map::new(), key: key.clone() };
    token.issuer(name).audience(AUDIENCE).subject("alice").issued(0).expires_in(300)
}

async fn answer(state: Arc<Mutex<State>>, request: Request<Incoming>) -> Result<Response<AnyBody>, Error> {
    let (head, body) = request.into_parts();
    match (head.method.as_str(), head.uri.path()) {
        ("GET", "/keys") => {
            let answer = {
                let mut state = lock(&state);
                state.requests += 1;
                match &state.answer {
                    KeysAnswer::Keys => KeysAnswer::Body(jwks(&state.keys).to_string()),
                    answer => answer.clone(),
                }
            };
            match answer {
                KeysAnswer::Body(body) => reply(200, body),
                KeysAnswer::Status(status) => reply(status, json!({"error": "told to fail"}).to_string()),
                KeysAnswer::Keys | KeysAnswer::Silence => std::future::pending().await,
            }
        }
        ("GET", "/.well-known/openid-configuration") => {
            let host = head.headers.get("host").and_then(|host| host.to_str().ok());
            let host = host.or_else(|| head.uri.authority().map(|it| it.as_str())).unwrap_or("issuer");
            let name = lock(&state).name.clone();
            reply(200, json!({"issuer": name, "jwks_uri": format!("http://{host}/keys")}).to_string())
        }
        ("POST", "/token") => {
            let wish = body.collect().await?.to_bytes();
            match mint(&state, &wish) {
                Ok(token) => reply(200, json!({"access_token": token, "token_type": "Bearer"}).to_string()),
                Err(problem) => reply(400, json!({"error": problem.to_string()}).to_string()),
            }
        }
        _ => reply(404, json!({"error": "no such resource"}).to_string()),
    }
}

/// `POST /token`: a JSON object of claims. Four names are not claims: `expires_in` (seconds), `kid`, `wrong_key` (signed by
/// a key that this issuer does not serve, under its key id) and `tenant` (the claim `org`).
fn mint(state: &Mutex<State>, wish: &[u8]) -> Result<String, Error> {
    let wish: Map<String, Value> = if wish.is_empty() { Map::new() } else { serde_json::from_slice(wish)? };
    let mut state = lock(state);
    let key = state.keys.last().ok_or("this issuer has no key")?.clone();
    let mut minted = token(&state.name, &key);
    if wish.get("wrong_key").is_some_and(|it| it == true) {
        let stranger = state.stranger.get_or_insert_with(|| Key::es256("stranger"));
        minted = minted.sign_with(&stranger.with_kid(&key.kid()));
    }
    for (name, value) in wish {
        minted = match (name.as_str(), value) {
            ("wrong_key", _) => minted,
            ("expires_in", value) => {
                minted.expires_in(value.as_i64().ok_or("`expires_in` is no number of seconds")?)
            }
            ("kid", value) => minted.kid(value.as_str().ok_or("`kid` is no string")?),
            ("tenant", value) => minted.claim("org", value),
            (name, value) => minted.claim(name, value),
        };
    }
    Ok(minted.sign())
}

fn reply(status: u16, body: String) -> Result<Response<AnyBody>, Error> {
    let (body, _) = BodyScript::whole(body).into_body();
    Ok(Response::builder().status(status).header("content-type", "application/json").body(body)?)
}

fn encoded(value: &Value) -> String {
    use jwt_simple::reexports::ct_codecs::{Base64UrlSafeNoPadding, Encoder};
    Base64UrlSafeNoPadding::encode_to_string(value.to_string()).expect("base64 of JSON")
}

fn unix_time() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() as i64)
}
