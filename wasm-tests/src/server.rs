//! The accept loop of all servers here: HTTP/1 and HTTP/2 without TLS on one port.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};

use crate::Error;
use crate::body::AnyBody;

/// Where the parts run: not on the test's own threads, so that a test may block.
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the parts")
});

/// An address with a free port.
pub const ANY_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// A running server. It and its connections end when this is dropped.
#[derive(Debug)]
pub struct Server {
    pub addr: SocketAddr,
    task: JoinHandle<()>,
}

/// Which connection of a server a request came on, counted from 1.
pub type ConnectionId = u64;

impl Server {
    /// Hands each request to `handler`. An error of the handler resets the stream (HTTP/2) or closes the connection.
    pub fn start<H, F>(listen: SocketAddr, handler: H) -> Result<Server, Error>
    where
        H: Fn(ConnectionId, Request<Incoming>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response<AnyBody>, Error>> + Send + 'static,
    {
        let listener =
            TcpListener::bind(listen).map_err(|problem| format!("cannot listen on {listen}: {problem}"))?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        Ok(Server { addr, task: RUNTIME.spawn(accept(listener, handler)) })
    }

    /// Ends it and waits until the port is free again.
    pub fn stop(self) {
        self.task.abort();
        while !self.task.is_finished() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept<H, F>(listener: TcpListener, handler: H)
where
    H: Fn(ConnectionId, Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<AnyBody>, Error>> + Send + 'static,
{
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener of this runtime");
    let mut connections = JoinSet::new();
    let count = AtomicU64::new(0);
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                // Each piece must leave as it is said.
                let _ = stream.set_nodelay(true);
                let handler = handler.clone();
                let id = count.fetch_add(1, Ordering::Relaxed) + 1;
                connections.spawn(async move {
                    let service = service_fn(move |request| handler(id, request));
                    let _ = auto::Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        }
    }
}
