//! An upstream that keeps no rule of HTTP: it waits for a request head and writes the given bytes.
//!
//! For what [`crate::model`] cannot say because its library is too well-behaved: a false `content-length`, HTTP/1
//! trailers nobody asked for, a torn chunk header, two heads.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::Error;
use crate::server::{ANY_PORT, RUNTIME};

/// Bytes to write, each after its pause; then the connection is closed.
pub type Pieces = Vec<(Duration, Vec<u8>)>;

/// A running server; ends when dropped.
#[derive(Debug)]
pub struct RawServer {
    pub addr: SocketAddr,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    task: JoinHandle<()>,
}

impl RawServer {
    pub fn start(pieces: Pieces) -> Result<RawServer, Error> {
        let listener = std::net::TcpListener::bind(ANY_PORT)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let task = RUNTIME.spawn({
            let seen = Arc::clone(&seen);
            async move {
                let listener =
                    tokio::net::TcpListener::from_std(listener).expect("a listener of this runtime");
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream, pieces.clone(), Arc::clone(&seen)));
                }
            }
        });
        Ok(RawServer { addr, seen, task })
    }

    /// What each connection had sent when the answer began.
    pub fn seen(&self) -> Vec<Vec<u8>> {
        self.seen.lock().expect("seen").clone()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, pieces: Pieces, seen: Arc<Mutex<Vec<Vec<u8>>>>) {
    let _ = stream.set_nodelay(true);
    let mut request = Vec::new();
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read_buf(&mut request).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    seen.lock().expect("seen").push(request);
    for (pause, piece) in pieces {
        tokio::time::sleep(pause).await;
        if stream.write_all(&piece).await.is_err() {
            return;
        }
    }
    let _ = stream.shutdown().await;
}
