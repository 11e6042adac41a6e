//! `--config FILE --route NAME`: one configuration, and one route of it.

use super::documents::{self, NotFound};
use super::{Failure, check, input};
use crate::config::{Access, Config, Guarded, Route};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Args)]
pub(super) struct Chosen {
    /// The configuration: JSON, YAML, or embedded in an EnvoyFilter, a WasmPlugin or an Envoy bootstrap.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The route that applies, by its name.
    #[arg(long, value_name = "NAME", requires = "config")]
    pub(super) route: Option<String>,
}

/// A configuration and the JSON text that it was read from.
pub(super) struct Loaded {
    pub(super) name: String,
    pub(super) text: Vec<u8>,
    pub(super) config: Config,
}

/// Reads the one configuration of a file.
pub(super) fn load(file: &Path) -> Result<Loaded, Failure> {
    let name = input::name(Some(file));
    let text = input::read(Some(file))?;
    let found = match documents::find(Some(file), &text) {
        Ok(found) => found,
        Err(NotFound::Nothing) => return Err(Failure::at(&name, documents::LOOKED_FOR)),
        Err(NotFound::Syntax(error)) => return Err(Failure::at(&name, error)),
    };
    let count = found.len();
    let mut found = found.into_iter();
    let (Some(one), None) = (found.next(), found.next()) else {
        return Err(Failure::at(
            &name,
            format!("holds {count} configurations; give one of them its own file"),
        ));
    };
    let place = check::in_file(&name, &one.place);
    let told = |problems: &[_]| {
        let lines: Vec<String> = check::lines(&place, problems).collect();
        Failure::new(lines.join("\n"))
    };
    let text = one.text.map_err(|problem| told(&[problem]))?;
    let config = Config::from_json(&text).map_err(|problems| told(&problems.0))?;
    Ok(Loaded { name, text, config })
}

impl Loaded {
    /// The route of this name.
    pub(super) fn route(&self, name: &str) -> Result<&Arc<Route>, Failure> {
        self.config.route_named(name).ok_or_else(|| {
            let names = names(self.config.routes.iter());
            Failure::at(&self.name, format!("unknown route `{name}`; known: {names}"))
        })
    }

    /// The guarded route of this name, or, without a name, the only one.
    pub(super) fn guarded(&self, name: Option<&str>) -> Result<&Arc<Guarded>, Failure> {
        if let Some(name) = name {
            return match &self.route(name)?.access {
                Access::Guarded(guarded) => Ok(guarded),
                Access::Public => {
                    Err(Failure::at(&self.name, format!("route `{name}` is public: it has no guard")))
                }
            };
        }
        let mut guarded = self.config.routes.iter().filter_map(|route| match &route.access {
            Access::Guarded(guarded) => Some(guarded),
            Access::Public => None,
        });
        match (guarded.next(), guarded.next()) {
            (Some(guarded), None) => Ok(guarded),
            (None, _) => Err(Failure::at(&self.name, "has no guarded route")),
            (Some(_), Some(_)) => Err(Failure::at(
                &self.name,
                format!("has several routes; pick one with --route: {}", names(self.config.routes.iter())),
            )),
        }
    }
}

/// Names of routes, for messages.
pub(super) fn names<'r>(routes: impl Iterator<Item = &'r Arc<Route>>) -> String {
    let names: Vec<String> = routes.map(|route| format!("`{}`", route.name)).collect();
    names.join(", ")
}
