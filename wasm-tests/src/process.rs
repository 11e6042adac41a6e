//! A child process that ends with the value that holds it.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{LazyLock, Mutex, MutexGuard};

use crate::Error;

/// A running program; killed by its own id when this is dropped.
#[derive(Debug)]
pub struct Process {
    id: u32,
    child: Mutex<Child>,
    /// Kills the program when this process is gone, however it went: values in statics are never dropped.
    guard: Child,
}

type Order = (Command, Sender<std::io::Result<Child>>);

/// The Envoy of the Python wheel dies with the *thread* that started it, and a test's thread ends before the test
/// program does. So one thread, which never ends, starts all programs.
static SPAWNER: LazyLock<Mutex<Sender<Order>>> = LazyLock::new(|| {
    let (orders, queue) = mpsc::channel::<Order>();
    std::thread::Builder::new()
        .name("spawner".into())
        .spawn(move || {
            for (mut command, answer) in queue {
                let _ = answer.send(command.spawn());
            }
        })
        .expect("a thread");
    Mutex::new(orders)
});

impl Process {
    pub fn spawn(command: Command) -> Result<Process, Error> {
        let name = command.get_program().to_string_lossy().into_owned();
        let (answer, child) = mpsc::channel();
        SPAWNER.lock().unwrap_or_else(|poison| poison.into_inner()).send((command, answer))?;
        let child = child.recv()?.map_err(|problem| format!("cannot start `{name}`: {problem}"))?;
        let guard = Command::new("sh")
            .args(["-c", "read -r _; kill -9 \"$1\"", "guard", &child.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Process { guard, id: child.id(), child: Mutex::new(child) })
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    /// How it ended, if it has.
    pub fn ended(&self) -> Option<ExitStatus> {
        self.child().try_wait().ok().flatten()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.guard.kill();
        let _ = self.guard.wait();
        let mut child = self.child();
        let _ = child.kill();
        let _ = child.wait();
    }
}
