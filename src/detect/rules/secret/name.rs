//! What a name says of the value that it is given: a password, a token, a key, or nothing.

use super::value::{Kind, is_secret};
use crate::detect::assignment::{By, Start};
use crate::detect::rules::Hit;
use crate::detect::window::Window;

/// Bytes in front of a name's anchor that say more of it, and of the command that it stands in.
pub(super) const LOOK_BACK: u64 = 48;
/// Bytes of a value that a name without a word for a credential is given, at least.
const MIN_STRICT: usize = 20;

/// Names; which kind each is says [`Name::of`].
pub(super) const ANCHORS: [&[u8]; 58] = [
    b"password",
    b"passwd",
    b"passphrase",
    b"passcode",
    b"pwd",
    b"pass",
    b"pw",
    b"psk",
    b"creds",
    b"identified by",
    b"secret",
    b"token",
    b"key",
    b"credential",
    b"authkey_",
    b"_auth",
    b"_pat",
    b"_salt",
    b"_seed",
    b"_cookie",
    b"_webhook",
    b"_encrypt",
    b"api_hash",
    b"access_grant",
    b"app_certificate",
    b"appcertificate",
    b"\"auth\"",
    b"?appid",
    b"&appid",
    "密码".as_bytes(),
    "密碼".as_bytes(),
    "口令".as_bytes(),
    "パスワード".as_bytes(),
    "비밀번호".as_bytes(),
    b"contrasena",
    b"senha",
    b"passwort",
    b"kennwort",
    b"mot de passe",
    b"kata sandi",
    b"kata laluan",
    b"mat khau",
    "пароль".as_bytes(),
    "Пароль".as_bytes(),
    "รหัสผ่าน".as_bytes(),
    "पासवर्ड".as_bytes(),
    "密钥".as_bytes(),
    "密鑰".as_bytes(),
    "apiキー".as_bytes(),
    "api 키".as_bytes(),
    b"clave de api",
    b"chave de api",
    b"api-schlussel",
    b"cle d'api",
    b"kunci api",
    b"khoa api",
    "ключ api".as_bytes(),
    "คีย์ api".as_bytes(),
];
/// So many of them, the last ones, are names of keys.
const KEY_NAMES: usize = 12;

/// What stands in front of `key` where it is a credential.
const KEYS: [&[u8]; 63] = [
    b"api",
    b"access",
    b"secret",
    b"auth",
    b"private",
    b"encryption",
    b"encrypt",
    b"signing",
    b"master",
    b"app",
    b"license",
    b"account",
    b"service",
    b"admin",
    b"deploy",
    b"write",
    b"consumer",
    b"client",
    b"subscription",
    b"integration",
    b"storage",
    b"shared",
    b"webhook",
    b"hmac",
    b"jwt",
    b"session",
    b"cookie",
    b"crypt",
    b"cipher",
    b"aes",
    b"fernet",
    b"root",
    b"server",
    b"sdk",
    b"partner",
    b"merchant",
    b"salt",
    b"management",
    b"developer",
    b"user",
    b"bot",
    b"agent",
    b"device",
    b"project",
    b"ingest",
    b"ingestion",
    b"application",
    b"signature",
    b"sign",
    b"org",
    b"workspace",
    b"tenant",
    b"rest",
    b"http",
    b"live",
    b"read",
    b"validation",
    b"decryption",
    b"recovery",
    b"mq",
    b"hapi",
    b"record",
    b"priv",
];
/// What stands in front of `key` where it is none, however random: it names a row, a place, or is for everybody.
const PLAIN_KEYS: [&[u8]; 55] = [
    b"cache",
    b"primary",
    b"foreign",
    b"sort",
    b"partition",
    b"public",
    b"pub",
    b"publishable",
    b"site",
    b"object",
    b"s3",
    b"query",
    b"i18n",
    b"idempotency",
    b"row",
    b"index",
    b"hash",
    b"range",
    b"group",
    b"item",
    b"node",
    b"map",
    b"dict",
    b"lookup",
    b"unique",
    b"composite",
    b"file",
    b"path",
    b"image",
    b"asset",
    b"blob",
    b"bucket",
    b"upload",
    b"attachment",
    b"translation",
    b"message",
    b"event",
    b"react",
    b"host",
    b"ssh",
    b"gpg",
    b"pgp",
    b"verify",
    b"verification",
    b"anon",
    b"routing",
    b"dedup",
    b"dedupe",
    b"shard",
    b"parent",
    b"state",
    b"restore",
    b"subject",
    b"socket",
    b"websocket",
];
/// What stands in front of `token` where it is no credential: it goes to every reader, or points to a place.
const PLAIN_TOKENS: [&[u8]; 24] = [
    b"authenticity",
    b"page",
    b"nextpage",
    b"next",
    b"prev",
    b"previous",
    b"continuation",
    b"public",
    b"publickey",
    b"idempotency",
    b"cancel",
    b"cancellation",
    b"nonce",
    b"sync",
    b"nextsync",
    b"resume",
    b"pagination",
    b"delete",
    b"change",
    b"starting",
    b"scroll",
    b"cursor",
    b"device",
    b"push",
];
/// What stands in front of `pass`, `pw` and `psk` without a border.
const ACCOUNTS: [&[u8]; 15] = [
    b"db", b"user", b"store", b"key", b"root", b"admin", b"bind", b"login", b"smtp", b"mail", b"require",
    b"my", b"ftp", b"ssh", b"wifi",
];

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A person chose it.
    Password,
    /// The same, but the name is a word of other meanings, too.
    Pass,
    /// A machine made it, or a person.
    Secret,
    /// A machine made it.
    Token,
    /// It may be something else.
    Strict,
}

impl Name {
    /// What the name says whose anchor this is; `None` where it is not the name of a credential.
    pub(super) fn of(window: &Window, hit: &Hit) -> Option<Name> {
        let before = window.slice(hit.start.saturating_sub(LOOK_BACK), hit.start);
        let anchor = window.slice(hit.start, hit.end);
        let capital = anchor.first().is_some_and(u8::is_ascii_uppercase);
        let part = last_part(before, capital);
        let is_one = |words: &[&[u8]]| words.iter().any(|word| part.eq_ignore_ascii_case(word));
        let separated = part.len() < letters(before)
            || before
                .last()
                .is_none_or(|byte| !byte.is_ascii_alphanumeric() || capital && !byte.is_ascii_uppercase());
        Some(match anchor.to_ascii_lowercase().as_slice() {
            b"password" | b"passwd" | b"passphrase" | b"pwd" | b"passcode" | b"identified by" => {
                Name::Password
            }
            b"pass" | b"pw" | b"psk" | b"creds" => match separated || is_one(&ACCOUNTS) {
                true => Name::Pass,
                false => return None,
            },
            b"secret" | b"credential" => Name::Secret,
            b"token" => {
                let lower = part.to_ascii_lowercase();
                let is_form = lower.starts_with(b"csrf") || lower.starts_with(b"xsrf");
                match is_form
                    || is_one(&PLAIN_TOKENS)
                    || ends_with(before, b"PublicKey")
                    || ends_with(before, b"public_key_")
                {
                    true => return None,
                    false => Name::Token,
                }
            }
            b"key" => {
                let is_query = matches!(before.last(), Some(b'?' | b'&'));
                let is_short = part.eq_ignore_ascii_case(b"s") && before.last() != Some(&b' ');
                if is_query {
                    Name::Strict
                } else if is_credential_key(before) || is_short {
                    Name::Token
                } else if separated && !part.is_empty() && !is_one(&PLAIN_KEYS) && !before.ends_with(b" ") {
                    Name::Strict
                } else {
                    return None;
                }
            }
            b"authkey_" => Name::Token,
            [b'_', ..] if part.is_empty() && before.last().is_some_and(|byte| !b" :/\n".contains(byte)) => {
                return None;
            }
            [b'_', ..] => Name::Strict,
            b"api_hash" | b"access_grant" | b"app_certificate" | b"appcertificate" | b"\"auth\""
            | b"?appid" | b"&appid" => Name::Strict,
            _ if usize::from(hit.nth) >= ANCHORS.len() - KEY_NAMES => Name::Token,
            _ if anchor.is_ascii() && before.last().is_some_and(u8::is_ascii_alphabetic) => return None,
            _ => Name::Password,
        })
    }

    /// Whether a value is what the name says.
    pub(super) fn is_given(self, value: &[u8], start: Start) -> bool {
        let quoted = start.quote.is_some();
        let is_token = is_secret(value, Kind::Token, quoted);
        let is_password = is_secret(value, Kind::Password, quoted);
        let has = |class: fn(&u8) -> bool| value.iter().any(class);
        let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
        match (self, start.by) {
            (_, By::Word) => {
                self != Name::Pass && self != Name::Strict && is_token && value.len() >= MIN_STRICT
            }
            (Name::Password, By::Operator | By::Verb | By::Blank) => is_password || is_token,
            // Of two strings in a row the second is seldom a password.
            (Name::Password, _) => is_token || is_password && value.len() >= 8 && is_mixed,
            (Name::Pass, By::Verb) => false,
            // Code of which prose tells.
            (Name::Pass, _) if start.quote == Some(b'`') => false,
            (Name::Pass, _) => is_token || is_password && (is_mixed || start.by == By::Operator),
            (Name::Secret, By::Operator | By::Verb) => {
                let is_path = has(|byte| matches!(byte, b'/' | b':'));
                is_token || value.len() >= 10 && is_mixed && is_password && !is_path
            }
            (Name::Secret | Name::Token, _) => is_token,
            (Name::Strict, By::Operator) => is_token && value.len() >= MIN_STRICT,
            (Name::Strict, _) => false,
        }
    }
}

/// The part of a name that stands in front of `capital`, or a small letter, without what separates them.
fn last_part(before: &[u8], capital: bool) -> &[u8] {
    let name = match before.last() {
        Some(b'_' | b'-' | b'.' | b' ') => before.get(..before.len() - 1).unwrap_or_default(),
        _ => before,
    };
    let is_border = capital || name.len() < before.len();
    let length = letters(name);
    let part = name.get(name.len() - length..).unwrap_or_default();
    // A word with a capital is a part of its own.
    let first = part.iter().rposition(u8::is_ascii_uppercase);
    let is_mixed = part.iter().any(u8::is_ascii_lowercase);
    match first.filter(|_| is_border && is_mixed) {
        Some(first) => part.get(first..).unwrap_or_default(),
        None => part,
    }
}

/// How many letters and digits a text ends with.
fn letters(text: &[u8]) -> usize {
    text.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

pub(super) fn ends_with(text: &[u8], end: &[u8]) -> bool {
    text.len()
        .checked_sub(end.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|last| last.eq_ignore_ascii_case(end))
}

/// Whether what stands in front of `key` makes it a credential.
fn is_credential_key(before: &[u8]) -> bool {
    let before = match before {
        [name @ .., b'_' | b'-' | b' ' | b'.'] => name,
        name => name,
    };
    KEYS.iter().any(|word| {
        let at = before.len().checked_sub(word.len());
        let is_it = at.and_then(|at| before.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word));
        let in_front = at.and_then(|at| at.checked_sub(1)).and_then(|at| before.get(at));
        let first = at.and_then(|at| before.get(at));
        is_it
            && (in_front.is_none_or(|byte| !byte.is_ascii_alphabetic())
                || in_front.is_some_and(u8::is_ascii_lowercase) && first.is_some_and(u8::is_ascii_uppercase)
                || word.len() > 5)
    })
}
