//! Does something listen there? For the health checks of images that hold nothing but their program.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::Parser;
use wasm_tests::Error;

/// Ends with 0 when a connection to the address can be made
#[derive(Parser)]
struct Flags {
    #[arg(value_name = "ADDR")]
    addr: SocketAddr,
}

fn main() -> Result<(), Error> {
    TcpStream::connect_timeout(&Flags::parse().addr, Duration::from_secs(1))?;
    Ok(())
}
