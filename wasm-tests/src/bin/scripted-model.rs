//! The scripted model as a program. See [`wasm_tests::scenario`] for its file format.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Parser;
use wasm_tests::model::{Model, Received};
use wasm_tests::program::{JsonLines, Listen};
use wasm_tests::{Error, scenario};

/// An OpenAI-compatible model that answers by script
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    listen: Listen,
    /// JSON file of scenarios; a request chooses one by `x-script` or by naming it in its prompt
    #[arg(long, value_name = "FILE")]
    scenarios: Option<PathBuf>,
    /// File that gets one JSON line for each request that reached the model
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

fn main() -> Result<(), Error> {
    let flags = Flags::parse();
    let scenarios = match &flags.scenarios {
        Some(path) => {
            let problem = |problem: &dyn std::fmt::Display| format!("`{}`: {problem}", path.display());
            let text = std::fs::read_to_string(path).map_err(|it| problem(&it))?;
            scenario::parse(&text).map_err(|it| problem(&it))?
        }
        None => BTreeMap::new(),
    };
    let log = flags.log.as_deref().map(JsonLines::open).transpose()?;
    let observer = log.map(|log| Box::new(move |it: &Received| log.append(&it.as_json())) as Box<_>);
    let model = Model::listen(flags.listen.listen, scenarios, observer)?;
    flags.listen.run(model.addr)
}
