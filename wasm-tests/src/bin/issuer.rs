//! The issuer as a program: `/keys`, `/.well-known/openid-configuration`, and `POST /token`, which signs whatever claims
//! it is given: for demonstrations only.

use clap::Parser;
use wasm_tests::Error;
use wasm_tests::issuer::{Issuer, Key, NAME};
use wasm_tests::program::Listen;

/// An OpenID issuer that signs any claims it is asked to (`POST /token`)
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    listen: Listen,
    /// The `iss` of its tokens
    #[arg(long, value_name = "NAME", default_value = NAME)]
    issuer: String,
}

fn main() -> Result<(), Error> {
    let flags = Flags::parse();
    let issuer = Issuer::listen(flags.listen.listen, &flags.issuer, vec![Key::es256("key-1")])?;
    println!("{}", issuer.jwks());
    flags.listen.run(issuer.addr)
}
