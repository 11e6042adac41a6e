//! Scans texts with every built-in rule, as often as V8 needs to compile it well, and logs how fast that was: one line for
//! each text, `scan NAME MB_PER_SECOND`, then `scan end`.

use portcullis::detect::{Catalogue, RuleSet, scan_all};
use proxy_wasm::traits::{Context, RootContext};
use proxy_wasm::types::LogLevel;
use std::time::{Duration, Instant};

/// Bytes of each text.
const LENGTH: usize = 4 << 20;
/// Scans of each text; the median of the last half counts.
const SCANS: usize = 12;

const PROSE: &str = "A ferry crosses the bay four times a day, and the times have not changed since the pier was built. People set \
    their clocks by it. The crew knows who is late by the sound of running on the planks, and waits a little for some of them, \
    never for long. On Sundays there is a second boat with a band on it. Nobody remembers who paid for the first one. In winter \
    of 1987 the bay froze and the mail went over the ice on a sledge; the postmaster kept the sledge, in case. ";

/// Planted in the text, in turn.
const VALUES: [&str; 6] = [
    "card 4111 1111 1111 1111",
    "mail ferry.crew@mail.example.com",
    "key AKIAQ3EGRLPBX7N2TVWM",
    "NRIC S1234567D",
    "call +65 6123 4567",
    "phone (415) 555-0132",
];

const ASIAN: &str = "渡轮每天四次穿过海湾，自码头建成以来时间从未改变。人们用它来对表，船员凭木板上的脚步声就知道谁迟到了。\
    日曜日には楽団を乗せた二隻目の船が出る。最初の船の代金を誰が払ったのか、覚えている人はいない。冬に湾が凍ると、郵便はそりで運ばれた。\
    우체국장은 혹시 모른다며 썰매를 보관했다. 봄이 오면 아이들은 부두에서 낚시를 하고, 노인들은 배를 기다리며 이야기를 나눈다。";

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(Scan));
}}

struct Scan;

impl Context for Scan {}

impl RootContext for Scan {
    fn on_configure(&mut self, _size: usize) -> bool {
        let began = Instant::now();
        let Ok(catalogue) = Catalogue::built_in() else { return false };
        log::info!("scan compile_ms {:.1}", milliseconds(began));
        log::info!("scan automata_bytes {}", catalogue.memory());
        let rules = RuleSet::all(&catalogue);
        let texts =
            [("clean", clean()), ("planted", planted(1500)), ("dense", planted(200)), ("asian", repeated(ASIAN))];
        for (name, text) in texts {
            let mut times: Vec<f64> = (0..SCANS)
                .map(|_| {
                    let began = Instant::now();
                    std::hint::black_box(scan_all(&catalogue, &rules, text.as_bytes()));
                    milliseconds(began)
                })
                .skip(SCANS / 2)
                .collect();
            times.sort_by(f64::total_cmp);
            let median = times.get(times.len() / 2).copied().unwrap_or(f64::INFINITY);
            log::info!("scan {name} {:.0}", text.len() as f64 / 1000.0 / median);
        }
        log::info!("scan end");
        true
    }
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().max(Duration::from_nanos(1)).as_secs_f64() * 1000.0
}

fn repeated(text: &str) -> String {
    text.repeat(LENGTH.div_ceil(text.len()))
}

fn clean() -> String {
    repeated(PROSE)
}

/// With a value every so many bytes.
fn planted(distance: usize) -> String {
    let mut text = String::with_capacity(LENGTH + 1024);
    let mut values = VALUES.iter().cycle();
    let mut next = distance;
    while text.len() < LENGTH {
        for word in PROSE.split_inclusive(' ') {
            if text.len() >= next {
                text.extend(values.next().map(|value| format!("{value}, ")));
                next += distance;
            }
            text.push_str(word);
        }
    }
    text
}
