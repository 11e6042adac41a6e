//! Where a configuration stands in a file: by itself in JSON or YAML, or inside an EnvoyFilter, a WasmPlugin or an
//! Envoy bootstrap, among whatever else these hold.

use crate::config::problem::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;
use std::path::Path;

/// A file in which nothing was found is answered with this.
pub(super) const LOOKED_FOR: &str = "no configuration found: looked for an object with `routes`, a WasmPlugin with \
    `spec.pluginConfig`, and a filter of the type `envoy.extensions.filters.http.wasm.v3.Wasm` with \
    `config.configuration`";

/// The keys of a configuration. One of them makes an object one, so that a forgotten `routes` is reported as such.
const OWN_KEYS: [&str; 6] = ["routes", "identity", "guards", "unmatched", "audit", "host"];
/// Keys that make an object something else.
const FOREIGN_KEYS: [&str; 6] =
    ["kind", "apiVersion", "static_resources", "staticResources", "@type", "resources"];

/// One configuration of a file.
pub(super) struct Found {
    /// Where it stands; empty where it is the whole file.
    pub(super) place: String,
    /// Its JSON text, or why there is none.
    pub(super) text: Result<Vec<u8>, Problem>,
    /// Something says that it is Portcullis', and not another plugin's.
    is_ours: bool,
}

/// Why a file holds no configuration.
#[derive(Debug)]
pub(super) enum NotFound {
    /// It is neither JSON nor YAML.
    Syntax(String),
    /// It holds other things.
    Nothing,
}

/// Every configuration of a file. Other Wasm filters beside Portcullis are left out.
pub(super) fn find(file: Option<&Path>, text: &[u8]) -> Result<Vec<Found>, NotFound> {
    let mut found = Vec::new();
    if is_json(file, text) {
        let document: Value =
            serde_json::from_slice(text).map_err(|error| NotFound::Syntax(format!("not JSON: {error}")))?;
        visit(&document, Some(text), String::new(), &mut found);
    } else {
        let documents = yaml_documents(text).map_err(NotFound::Syntax)?;
        let several = documents.len() > 1;
        for (number, document) in (1..).zip(&documents) {
            let place = if several { format!("#{number}") } else { String::new() };
            visit(document, None, place, &mut found);
        }
    }
    if found.iter().any(|one| one.is_ours) {
        found.retain(|one| one.is_ours);
    } else if found.len() > 1 {
        found.clear();
    }
    match found.is_empty() {
        true => Err(NotFound::Nothing),
        false => Ok(found),
    }
}

/// JSON is also YAML, but what Envoy is given must be JSON: a file that says or looks so is read as that.
fn is_json(file: Option<&Path>, text: &[u8]) -> bool {
    let extension = file.and_then(Path::extension).and_then(|name| name.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("json") => true,
        Some("yaml" | "yml") => false,
        _ => text.trim_ascii_start().starts_with(b"{"),
    }
}

fn yaml_documents(text: &[u8]) -> Result<Vec<Value>, String> {
    let text = std::str::from_utf8(text).map_err(|error| format!("not YAML: {error}"))?;
    let mut documents = Vec::new();
    for (number, document) in (1..).zip(serde_yaml_ng::Deserializer::from_str(text)) {
        let in_document = |what: String| match number {
            1 => what,
            _ => format!("document {number}: {what}"),
        };
        let mut value =
            Yaml::deserialize(document).map_err(|error| in_document(format!("not YAML: {error}")))?;
        value.apply_merge().map_err(|error| in_document(format!("not YAML: {error}")))?;
        documents.push(json_of(value, "").map_err(in_document)?);
    }
    Ok(documents)
}

/// What YAML can say and JSON cannot is an error: whoever reads the file next may understand something else.
fn json_of(yaml: Yaml, place: &str) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::String(text) => Value::String(text),
        Yaml::Number(number) => {
            let written = number.to_string();
            let number = match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(whole), _, _) => Some(whole.into()),
                (_, Some(whole), _) => Some(whole.into()),
                (_, _, Some(float)) => serde_json::Number::from_f64(float),
                _ => None,
            };
            let error = || problem_at(place, &format!("`{written}` is no JSON number; put it in quotes"));
            Value::Number(number.ok_or_else(error)?)
        }
        Yaml::Sequence(items) => {
            let mut values = Vec::new();
            for (index, item) in items.into_iter().enumerate() {
                values.push(json_of(item, &format!("{place}[{index}]"))?);
            }
            Value::Array(values)
        }
        Yaml::Mapping(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                let Yaml::String(key) = key else {
                    return Err(problem_at(
                        place,
                        "a key is not a text; put numbers, `true`, `false` and `null` in quotes",
                    ));
                };
                let value = json_of(value, &below(place, &key))?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let what = format!("has the YAML tag `{}`; write a plain value", tagged.tag);
            return Err(problem_at(place, &what));
        }
    })
}

fn problem_at(place: &str, what: &str) -> String {
    match place {
        "" => what.to_owned(),
        _ => format!("{place}: {what}"),
    }
}

/// `#2` and `spec` → `#2 spec`; `spec` and `url` → `spec.url`.
fn below(place: &str, key: &str) -> String {
    let is_number = place.starts_with('#') && !place.contains(' ');
    match place {
        "" => key.to_owned(),
        _ if is_number => format!("{place} {key}"),
        _ => format!("{place}.{key}"),
    }
}

/// A whole document. `text` is what it was read from, where that is JSON.
fn visit(document: &Value, text: Option<&[u8]>, place: String, found: &mut Vec<Found>) {
    let has = |keys: &[&str]| keys.iter().any(|key| document.get(key).is_some());
    if has(&OWN_KEYS) && !has(&FOREIGN_KEYS) {
        let text = text.map(<[u8]>::to_vec).unwrap_or_else(|| written(document));
        found.push(Found { place, text: Ok(text), is_ours: true });
        return;
    }
    walk(document, &place, found);
}

fn walk(value: &Value, place: &str, found: &mut Vec<Found>) {
    match value {
        Value::Object(members) => {
            if members.get("kind").and_then(Value::as_str) == Some("WasmPlugin") {
                return found.push(wasm_plugin(value, place));
            }
            if let Some((plugin, steps)) = wasm_filter(members) {
                let place = steps.iter().fold(place.to_owned(), |place, step| below(&place, step));
                return found.push(envoy_plugin(plugin, &place));
            }
            for (key, child) in members {
                walk(child, &below(place, key), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{place}[{index}]"), found);
            }
        }
        _ => {}
    }
}

/// Istio's `extensions.istio.io/v1alpha1` WasmPlugin hands `pluginConfig` over as JSON.
fn wasm_plugin(resource: &Value, place: &str) -> Found {
    let place = below(&below(place, "spec"), "pluginConfig");
    let config = resource.pointer("/spec/pluginConfig");
    let names = ["/spec/pluginName", "/spec/url", "/metadata/name"];
    let is_named = names.iter().any(|name| is_our_name(resource.pointer(name)));
    let text = match config {
        Some(config) if config.is_object() => Ok(written(config)),
        Some(_) => Err(Problem::new("", "is not an object", "write the configuration here")),
        None => Err(Problem::new("", "is missing", "write the configuration here")),
    };
    Found { place, is_ours: is_named || config.is_some_and(has_own_keys), text }
}

/// The plugin's configuration in a filter, and the steps to it; `None` for other objects.
fn wasm_filter(members: &Map<String, Value>) -> Option<(&Value, &'static [&'static str])> {
    let is_of = |key: &str, end: &str| {
        let kind = members.get(key).and_then(Value::as_str);
        kind.is_some_and(|kind| kind.ends_with(end))
    };
    const FILTER: &str = "envoy.extensions.filters.http.wasm.v3.Wasm";
    // A TypedStruct stands for the message that it names: how Istio's patches are often written.
    let is_wrapped =
        is_of("@type", ".TypedStruct") && (is_of("type_url", FILTER) || is_of("typeUrl", FILTER));
    if is_wrapped {
        return Some((members.get("value")?.get("config")?, &["value", "config"]));
    }
    let plugin = members.get("config")?;
    let has = |key: &str| plugin.get(key).is_some();
    let looks_so =
        has("configuration") && (has("vm_config") || has("vmConfig") || has("root_id") || has("rootId"));
    (is_of("@type", FILTER) || looks_so).then_some((plugin, &["config"]))
}

/// An `envoy.extensions.wasm.v3.PluginConfig`.
fn envoy_plugin(plugin: &Value, place: &str) -> Found {
    let mut place = below(place, "configuration");
    let names = [
        "/name",
        "/root_id",
        "/rootId",
        "/vm_config/code/local/filename",
        "/vmConfig/code/local/filename",
        "/vm_config/code/remote/http_uri/uri",
        "/vmConfig/code/remote/httpUri/uri",
    ];
    let is_named = names.iter().any(|name| is_our_name(plugin.pointer(name)));
    let mut holds_ours = false;
    let text = match plugin.get("configuration") {
        None => Err(Problem::new("", "is missing", STRING_VALUE_HELP)),
        Some(any) => {
            let value = any.get("value");
            holds_ours = value.is_some_and(has_own_keys);
            let text = any_text(any);
            if let Ok(text) = &text {
                place = below(&place, "value");
                holds_ours |= serde_json::from_slice(text).is_ok_and(|inner: Value| has_own_keys(&inner));
            }
            text
        }
    };
    Found { place, text, is_ours: is_named || holds_ours }
}

const STRING_VALUE_HELP: &str = "write `\"@type\": type.googleapis.com/google.protobuf.StringValue` and the \
    configuration as JSON text in `value`";

/// The bytes that Envoy hands over for a `google.protobuf.Any`.
fn any_text(any: &Value) -> Result<Vec<u8>, Problem> {
    let problem = |message: String| Problem::new("", message, STRING_VALUE_HELP);
    let Some(kind) = any.get("@type").and_then(Value::as_str) else {
        return Err(problem("has no `@type`".to_owned()));
    };
    let kind = kind.rsplit('/').next().unwrap_or_default();
    let value = any.get("value").and_then(Value::as_str);
    match (kind, value) {
        ("google.protobuf.StringValue", Some(text)) => Ok(text.as_bytes().to_vec()),
        ("google.protobuf.BytesValue", Some(encoded)) => {
            STANDARD.decode(encoded).map_err(|error| problem(format!("`value` is not base64: {error}")))
        }
        ("google.protobuf.StringValue" | "google.protobuf.BytesValue", None) => {
            Err(problem("`value` is not a text".to_owned()))
        }
        ("google.protobuf.Struct", _) => Err(problem(
            "is a `google.protobuf.Struct`, which Envoy hands over as protobuf bytes and not as JSON"
                .to_owned(),
        )),
        (other, _) => Err(problem(format!("has the type `{other}`"))),
    }
}

fn is_our_name(name: Option<&Value>) -> bool {
    let name = name.and_then(Value::as_str).unwrap_or_default();
    name.to_ascii_lowercase().contains("portcullis")
}

fn has_own_keys(value: &Value) -> bool {
    value.get("routes").is_some()
}

/// A JSON value that was read can be written.
fn written(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}
