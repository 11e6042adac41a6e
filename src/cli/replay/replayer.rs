//! Replays cases under one configuration: which route a case meets, and with which token.

use super::case::Case;
use crate::cli::chosen::{self, Chosen, Loaded, load};
use crate::cli::driver::{self, Call, Passed};
use crate::cli::standin::{self, NOW, StandIn};
use crate::cli::{Direction, Failure};
use crate::config::raw::Disposition;
use crate::config::{Access, Config, Route};
use crate::exchange::Gate;
use crate::identity::credential;
use crate::policy::{Target, is_plain_path};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Replays cases under one configuration.
pub(super) struct Replayer {
    standin: StandIn,
    loaded: Loaded,
    /// The route that `--route` names, by position.
    forced: Option<usize>,
    /// One worker for each route and direction, so that nothing is compiled twice.
    gates: BTreeMap<(Option<usize>, Direction), Gate>,
    /// The last claims and their token: signing costs more than most bodies.
    signed: Option<Signed>,
    count: u128,
}

impl Replayer {
    pub(super) fn new(chosen: &Chosen) -> Result<Replayer, Failure> {
        let loaded = match &chosen.config {
            Some(file) => load(file)?,
            None => {
                let text = standin::configuration().to_string().into_bytes();
                let config =
                    Config::from_json(&text).map_err(|error| Failure::at("built-in configuration", error))?;
                Loaded { name: "built-in configuration".to_owned(), text, config }
            }
        };
        let forced = match &chosen.route {
            None => None,
            Some(name) => {
                loaded.route(name)?;
                loaded.config.routes.iter().position(|route| route.name == *name)
            }
        };
        Ok(Replayer {
            standin: StandIn::new()?,
            loaded,
            forced,
            gates: BTreeMap::new(),
            signed: None,
            count: 0,
        })
    }

    pub(super) fn pass(&mut self, case: &Case, pieces: &[&[u8]]) -> Result<Passed, String> {
        let token = self.token(case)?;
        let route = self.choose(case)?;
        self.count += 1;
        let id = self.count.to_be_bytes();
        let config = &self.loaded.config;
        let headers = case.headers(config.identity.header.as_deref());
        let gate = self.gates.entry((route, case.direction)).or_insert_with(|| {
            let route = route.and_then(|route| config.routes.get(route));
            let config = self.standin.gate(config, route.map(Arc::as_ref), case.direction);
            Gate::new(Arc::new(config), NOW)
        });
        let stripped = credential::strip_query_credentials(case.path.as_bytes());
        let path = stripped.and_then(|path| String::from_utf8(path).ok());
        let call = Call {
            method: &case.method,
            path: path.as_deref().unwrap_or(&case.path),
            authority: case.authority().unwrap_or("replay.invalid"),
            token: &token,
        };
        Ok(match case.direction {
            Direction::Request => driver::request(gate, &call, &headers, pieces, id),
            Direction::Response => driver::response(gate, &call, case.status, &headers, pieces, id),
        })
    }

    fn token(&mut self, case: &Case) -> Result<String, String> {
        if let Some(signed) = &self.signed
            && signed.claims == case.claims
        {
            return Ok(signed.token.clone());
        }
        let issuers = &self.loaded.config.identity.issuers;
        let token = self.standin.token(issuers, case.claims.as_deref())?;
        self.signed = Some(Signed { claims: case.claims.clone(), token: token.clone() });
        Ok(token)
    }

    /// The position of the route that the case meets: the one that `--route` names, else the first that matches. What
    /// a matcher says of Envoy's route, and of the host where no header names one, is not known here and may fit.
    fn choose(&self, case: &Case) -> Result<Option<usize>, String> {
        if self.forced.is_some() {
            return Ok(self.forced);
        }
        let routes = &self.loaded.config.routes;
        let plain = is_plain_path(&case.path);
        let mut fitting = Vec::new();
        for (position, route) in routes.iter().enumerate() {
            if matches!(route.access, Access::Public) && !plain {
                continue;
            }
            match fit(route, case) {
                Fit::No => {}
                Fit::Perhaps => fitting.push(position),
                Fit::Yes => {
                    fitting.push(position);
                    break;
                }
            }
        }
        match *fitting.as_slice() {
            [position] => Ok(Some(position)),
            [] => self.choose_unmatched(case),
            _ => {
                let names = chosen::names(fitting.iter().filter_map(|position| routes.get(*position)));
                Err(format!("{}: several routes may match; pick one with --route: {names}", self.loaded.name))
            }
        }
    }

    /// No route matches. A request is then unmatched. An answer can only come where a request was let through.
    fn choose_unmatched(&self, case: &Case) -> Result<Option<usize>, String> {
        let config = &self.loaded.config;
        if case.direction == Direction::Request || config.unmatched == Disposition::Pass {
            return Ok(None);
        }
        let mut guarded =
            config.routes.iter().enumerate().filter(|(_, route)| matches!(route.access, Access::Guarded(_)));
        match (guarded.next(), guarded.next()) {
            (Some((position, _)), None) => Ok(Some(position)),
            _ => Err(format!(
                "{}: no route matches `{}`; pick one with --route: {}",
                self.loaded.name,
                case.path,
                chosen::names(config.routes.iter())
            )),
        }
    }
}

struct Signed {
    claims: Option<Arc<Map<String, Value>>>,
    token: String,
}

enum Fit {
    No,
    /// As far as it is known.
    Perhaps,
    Yes,
}

fn fit(route: &Route, case: &Case) -> Fit {
    let mut known = route.matcher.clone();
    let mut is_known = known.route.take().is_none();
    if case.authority().is_none() {
        is_known &= known.host.take().is_none();
    }
    let target = Target { route: "", host: case.authority().unwrap_or_default(), path: &case.path };
    match known.matches(&target) {
        false => Fit::No,
        true if is_known => Fit::Yes,
        true => Fit::Perhaps,
    }
}
