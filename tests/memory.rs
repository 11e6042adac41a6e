//! What a stream takes of memory, counted by the allocator: idle, in flight, under attack, and when it is over.
//!
//! The figures in README.md are the ones that are asserted here.

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jwt_simple::prelude::*;
    use portcullis::config::Config;
    use portcullis::exchange::{
        Body, Closing, End, Exchange, Gate, Headers, RequestHead, ResponseHead, Step,
    };
    use portcullis::protocol::framing::event_stream;
    use portcullis::reason::Reason;
    use serde_json::{Value, json};
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;
    use std::sync::{Arc, OnceLock};

    /// Counts what its thread has, and the most that it had; each test has a thread of its own.
    struct Counting;

    thread_local! {
        static NOW: Cell<usize> = const { Cell::new(0) };
        static PEAK: Cell<usize> = const { Cell::new(0) };
    }

    fn count(taken: usize, given: usize) {
        // A thread that ends has no counters any more.
        let _ = NOW.try_with(|now| {
            now.set(now.get().wrapping_add(taken).wrapping_sub(given));
            let _ = PEAK.try_with(|peak| peak.set(peak.get().max(now.get())));
        });
    }

    #[expect(
        unsafe_code,
        reason = "an allocator is unsafe by nature; this one leaves everything to the system's"
    )]
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count(layout.size(), 0);
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            count(0, layout.size());
            unsafe { System.dealloc(memory, layout) }
        }

        unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            count(size, layout.size());
            unsafe { System.realloc(memory, layout, size) }
        }
    }

    #[global_allocator]
    static COUNTING: Counting = Counting;

    fn now() -> usize {
        NOW.get()
    }

    /// The most that `work` had at once, beyond what was there before.
    fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
        let before = now();
        PEAK.set(before);
        let result = work();
        (result, PEAK.get() - before)
    }

    /// An idle stream takes at most so many bytes.
    const IDLE: usize = 8 << 10;
    /// What a stream of prose takes while a chunk of 20 KB is judged, the chunk and what leaves included.
    const IN_FLIGHT: usize = 128 << 10;
    /// The default of `limits.held`.
    const HELD: usize = 1 << 20;
    /// What a stream takes at most, whatever comes.
    const HOSTILE: usize = 2 * HELD + (2 << 20);
    /// How many times `limits.held` one event takes at most while it is judged.
    const JUDGED: usize = 32;
    /// A stream that is not cut after so many bytes never is.
    const ENOUGH: usize = 2 << 20;
    /// Unoptimised code is slow.
    const MEGABYTES: usize = if cfg!(debug_assertions) { 20 } else { 100 };

    /// When everything takes place, in Unix milliseconds.
    const NOW_MS: u64 = 1_800_000_000_000;

    struct Setting {
        config: Arc<Config>,
        bearer: String,
    }

    /// A gate that redacts cards and addresses and blocks secrets, with these limits.
    fn setting(limits: &Value, mask: &str) -> Setting {
        let key = Ed25519KeyPair::generate().with_key_id("k1");
        let x = URL_SAFE_NO_PAD.encode(key.public_key().to_bytes());
        let config = json!({
            "identity": { "issuers": [{
                "name": "test", "issuer": "https://issuer.example", "audiences": ["api://gateway"],
                "jwks": { "inline": { "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": x }] } },
            }] },
            "guards": { "standard": {
                "mask": mask,
                "request": { "secret": "block", "financial": "redact", "pii": "redact" },
                "response": { "pii": "redact", "financial": "redact", "secret": "block" },
            } },
            "routes": [{
                "name": "all", "match": { "path": "*" }, "guard": "standard", "allow": [{ "id": "all" }],
                "limits": limits,
            }],
        });
        let seconds = NOW_MS / 1000;
        let claims = JWTClaims {
            issued_at: None,
            expires_at: None,
            invalid_before: None,
            issuer: None,
            subject: None,
            audiences: None,
            jwt_id: None,
            nonce: None,
            custom: json!({
                "iss": "https://issuer.example", "aud": "api://gateway", "sub": "alice@corp.example",
                "groups": ["support", "engineering"], "iat": seconds, "exp": seconds + 600,
            }),
        };
        let config = match Config::from_json(config.to_string().as_bytes()) {
            Ok(config) => Arc::new(config),
            Err(problems) => panic!("{problems}"),
        };
        Setting { config, bearer: format!("Bearer {}", key.sign(claims).unwrap()) }
    }

    fn default() -> &'static Setting {
        static SETTING: OnceLock<Setting> = OnceLock::new();
        SETTING.get_or_init(|| setting(&json!({}), "[REDACTED:{class}]"))
    }

    /// How one API streams.
    struct Dialect {
        name: &'static str,
        path: &'static str,
        kind: &'static str,
        request: Value,
        /// What comes before the deltas, and the delta number `n` of a text.
        opening: Vec<Vec<u8>>,
        delta: fn(usize, &str) -> Vec<u8>,
    }

    fn sse(data: &Value) -> Vec<u8> {
        format!("data: {data}\n\n").into_bytes()
    }

    fn named(data: &Value) -> Vec<u8> {
        format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap()).into_bytes()
    }

    fn frame(kind: &str, payload: &Value) -> Vec<u8> {
        let headers =
            [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")];
        event_stream::write(&headers, payload.to_string().as_bytes())
    }

    fn chat_delta(delta: &Value) -> Vec<u8> {
        choice_delta(0, delta)
    }

    fn choice_delta(choice: usize, delta: &Value) -> Vec<u8> {
        sse(&json!({
            "id": "chatcmpl-CyEXAMPLEkZkzd2a9Yb5TVU3bPp9m", "object": "chat.completion.chunk", "created": 1_700_000_000,
            "model": "gpt-4.1-mini-2025-04-14", "service_tier": "default", "system_fingerprint": "fp_376a7ccef1",
            "choices": [{ "index": choice, "delta": delta, "logprobs": null, "finish_reason": null }],
            "obfuscation": "aZ2kfp",
        }))
    }

    fn dialects() -> Vec<Dialect> {
        let user = |content: &Value| json!([{ "role": "user", "content": content }]);
        vec![
            Dialect {
                name: "openai chat",
                path: "/v1/chat/completions",
                kind: "text/event-stream",
                request: json!({ "model": "gpt-4.1-mini", "stream": true, "messages": user(&json!("How are you?")) }),
                opening: vec![chat_delta(&json!({ "role": "assistant", "content": "", "refusal": null }))],
                delta: |_, text| chat_delta(&json!({ "content": text })),
            },
            Dialect {
                name: "openai responses",
                path: "/v1/responses",
                kind: "text/event-stream",
                request: json!({ "model": "gpt-4.1-mini", "stream": true, "input": "How are you?" }),
                opening: vec![
                    named(&json!({ "type": "response.created", "sequence_number": 0, "response": {
                        "id": "resp_0123456789abcdef", "object": "response", "created_at": 1_700_000_000,
                        "status": "in_progress", "model": "gpt-4.1-mini-2025-04-14", "output": [] } })),
                    named(
                        &json!({ "type": "response.output_item.added", "sequence_number": 1, "output_index": 0,
                        "item": { "id": "msg_01", "type": "message", "status": "in_progress", "role": "assistant",
                                  "content": [] } }),
                    ),
                    named(
                        &json!({ "type": "response.content_part.added", "sequence_number": 2, "item_id": "msg_01",
                        "output_index": 0, "content_index": 0,
                        "part": { "type": "output_text", "text": "", "annotations": [] } }),
                    ),
                ],
                delta: |number, text| {
                    named(&json!({ "type": "response.output_text.delta", "sequence_number": 3 + number,
                        "item_id": "msg_01", "output_index": 0, "content_index": 0, "delta": text, "logprobs": [],
                        "obfuscation": "s8d7fh2k" }))
                },
            },
            Dialect {
                name: "anthropic messages",
                path: "/v1/messages",
                kind: "text/event-stream",
                request: json!({ "model": "claude-sonnet-4-5", "stream": true, "max_tokens": 100,
                                 "messages": user(&json!("How are you?")) }),
                opening: vec![
                    named(&json!({ "type": "message_start", "message": { "id": "msg_01", "type": "message",
                        "role": "assistant", "content": [], "model": "claude-sonnet-4-5", "stop_reason": null,
                        "stop_sequence": null, "usage": { "input_tokens": 12, "output_tokens": 1 } } })),
                    named(&json!({ "type": "content_block_start", "index": 0,
                        "content_block": { "type": "text", "text": "" } })),
                    named(&json!({ "type": "ping" })),
                ],
                delta: |_, text| {
                    named(&json!({ "type": "content_block_delta", "index": 0,
                        "delta": { "type": "text_delta", "text": text } }))
                },
            },
            Dialect {
                name: "gemini",
                path: "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
                kind: "text/event-stream",
                request: json!({ "contents": [{ "role": "user", "parts": [{ "text": "How are you?" }] }] }),
                opening: Vec::new(),
                delta: |_, text| {
                    sse(
                        &json!({ "candidates": [{ "content": { "parts": [{ "text": text }], "role": "model" },
                        "index": 0 }], "usageMetadata": { "promptTokenCount": 12, "candidatesTokenCount": 8,
                        "totalTokenCount": 20 }, "modelVersion": "gemini-2.5-flash", "responseId": "x7gSafXhB" }),
                    )
                },
            },
            Dialect {
                name: "bedrock converse",
                path: "/model/anthropic.claude-3-haiku/converse-stream",
                kind: "application/vnd.amazon.eventstream",
                request: json!({ "messages": user(&json!([{ "text": "How are you?" }])) }),
                opening: vec![frame("messageStart", &json!({ "role": "assistant", "p": "abcdefgh" }))],
                delta: |_, text| {
                    frame(
                        "contentBlockDelta",
                        &json!({ "contentBlockIndex": 0, "delta": { "text": text },
                        "p": "abcdefghijklmnopqrstuvwxyzABCDEF" }),
                    )
                },
            },
            Dialect {
                name: "ollama",
                path: "/api/chat",
                kind: "application/x-ndjson",
                request: json!({ "model": "llama3.2", "messages": user(&json!("How are you?")) }),
                opening: Vec::new(),
                delta: |_, text| {
                    let line = json!({ "model": "llama3.2", "created_at": "2026-01-01T00:00:00.123456Z",
                        "message": { "role": "assistant", "content": text }, "done": false });
                    format!("{line}\n").into_bytes()
                },
            },
        ]
    }

    fn headers(lines: &[(&str, &str)]) -> Headers {
        lines.iter().copied().collect()
    }

    /// An exchange whose answer has begun.
    fn begun(gate: &mut Gate, setting: &Setting, dialect: &Dialect) -> Exchange {
        let mut exchange = Exchange::new([7; 16], NOW_MS);
        let head = headers(&[
            (":method", "POST"),
            (":path", dialect.path),
            (":authority", "gate.example"),
            ("content-type", "application/json"),
            ("x-request-id", "0d6bbb2e-9a55-4ff4-9d0c-60ff5ae6d4ab"),
            ("authorization", &setting.bearer),
        ]);
        exchange.request_head(gate, &RequestHead { headers: &head, route: "", end: false }, NOW_MS);
        let request = dialect.request.to_string().into_bytes();
        let mut read = || Some(request.clone());
        let body = Body { size: request.len(), read: &mut read, end: End::Yes };
        assert!(
            matches!(exchange.request_body(body), Step::Pass),
            "{}: {:?}",
            dialect.name,
            exchange.reason()
        );
        let head = headers(&[(":status", "200"), ("content-type", dialect.kind)]);
        let head = ResponseHead { headers: &head, route: "", is_local: false, end: false };
        assert!(matches!(exchange.response_head(&head, true).0, Step::Pass), "{}", dialect.name);
        exchange
    }

    /// Gives a chunk to the exchange: how many bytes leave.
    fn pass(exchange: &mut Exchange, chunk: &[u8]) -> usize {
        let mut read = || Some(chunk.to_vec());
        match exchange.response_body(Body { size: chunk.len(), read: &mut read, end: End::No }) {
            Step::Pass => chunk.len(),
            Step::Replace(bytes) => bytes.len(),
            step => panic!("{step:?}"),
        }
    }

    /// Chunks until the exchange says no more: the reason, how many bytes came, and the most that it took.
    fn until_cut(
        setting: &Setting,
        dialect: &Dialect,
        chunks: impl IntoIterator<Item = Vec<u8>>,
    ) -> (Option<Reason>, usize, usize) {
        let mut gate = Gate::new(setting.config.clone(), NOW_MS / 1000);
        let mut exchange = begun(&mut gate, setting, dialect);
        let mut fed = 0;
        let ((), peak) = peak_of(|| {
            for chunk in chunks {
                fed += chunk.len();
                pass(&mut exchange, &chunk);
                if exchange.reason().is_some() || fed >= ENOUGH {
                    break;
                }
            }
        });
        (exchange.reason(), fed, peak)
    }

    /// Words of a model, each a token.
    const PROSE: [&str; 16] = [
        "The",
        " quick",
        " answer",
        " to",
        " your",
        " question",
        ",",
        " as",
        " far",
        " as",
        " I",
        " can",
        " see",
        " it",
        ",",
        " is 42.\n",
    ];

    const CHINESE: &str =
        "你好，我可以帮你处理这个问题。首先，请确认你的账户信息是否正确，然后再继续下一步操作。";

    /// So many bytes of deltas of prose, with a finding in every tenth or so, in chunks as a network cuts them.
    fn prose(dialect: &Dialect, bytes: usize) -> Vec<Vec<u8>> {
        let mut stream = Vec::new();
        for number in 0.. {
            let word = match number % 40 {
                7 => " 4111 1111",
                8 => " 1111 1111.",
                29 => " jane@corp.example,",
                _ => PROSE[number % PROSE.len()],
            };
            stream.extend((dialect.delta)(number, word));
            if stream.len() >= bytes {
                break;
            }
        }
        stream.chunks(20_011).map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn an_idle_stream_takes_at_most_8_kb() {
        let setting = default();
        // Of two languages: full-width signs are read as others than they are written.
        let english = dialects().into_iter().map(|dialect| (dialect, PROSE.concat()));
        let chinese = dialects().into_iter().map(|dialect| (dialect, CHINESE.to_owned()));
        for (dialect, text) in english.chain(chinese) {
            let mut gate = Gate::new(setting.config.clone(), NOW_MS / 1000);
            // What all share: the token that was verified.
            drop(begun(&mut gate, setting, &dialect));
            // A chunk of several events, which fills what a lane retains, then events one by one.
            let text = text.repeat(2);
            let first: Vec<_> = (0..20).map(|number| (dialect.delta)(number, &text)).collect();
            let rest: Vec<_> = (0..5)
                .map(|number| (dialect.delta)(30 + number, text.get(..9).expect("whole characters")))
                .collect();
            let before = now();
            let mut exchanges = Vec::with_capacity(1000);
            for _ in 0..1000 {
                let mut exchange = begun(&mut gate, setting, &dialect);
                pass(&mut exchange, &[dialect.opening.concat(), first.concat()].concat());
                for delta in &rest {
                    pass(&mut exchange, delta);
                }
                assert_eq!(exchange.reason(), None, "{}", dialect.name);
                exchanges.push(exchange);
            }
            let each = (now() - before) / exchanges.len();
            println!("an idle stream of {}, {:.6}…: {each} bytes", dialect.name, text);
            assert!(each <= IDLE, "{}: {each} bytes", dialect.name);
        }
    }

    #[test]
    fn what_was_large_is_given_back() {
        let setting = default();
        let chat = &dialects()[0];
        let mut gate = Gate::new(setting.config.clone(), NOW_MS / 1000);
        drop(begun(&mut gate, setting, chat));
        let long = "x".repeat(100_000);
        let large = [
            sse(&json!({ "id": &long, "model": &long, "choices": [] })),
            sse(&json!({ "choices": [], "x": vec![1; 400] })),
            sse(&json!({ "choices": [], "x": vec![2; 400] })),
            content(&"a@corp.example ".repeat(5000)),
            content(&"![](h".repeat(2000)),
            content(&"\u{200b}a".repeat(5000)),
            prose(chat, 100_000).concat(),
        ];
        let before = now();
        let mut exchange = begun(&mut gate, setting, chat);
        for chunk in &large {
            pass(&mut exchange, chunk);
            pass(&mut exchange, &content(&" It is so, and that was all.\n".repeat(100)));
        }
        for word in PROSE {
            pass(&mut exchange, &content(word));
        }
        assert_eq!(exchange.reason(), None);
        let kept = now() - before;
        println!("a stream that was busy takes {kept} bytes");
        assert!(kept <= IDLE, "{kept}");
    }

    #[test]
    fn a_stream_takes_no_more_after_a_hundred_megabytes_than_after_one() {
        let setting = default();
        let chat = &dialects()[0];
        let mut gate = Gate::new(setting.config.clone(), NOW_MS / 1000);
        let mut exchange = begun(&mut gate, setting, chat);
        pass(&mut exchange, &chat.opening.concat());
        let megabyte = prose(chat, 1 << 20);
        let mut pass_megabyte = || {
            let ((), peak) = peak_of(|| {
                for chunk in &megabyte {
                    pass(&mut exchange, chunk);
                }
            });
            assert_eq!(exchange.reason(), None);
            (now(), peak)
        };
        let (kept, peak) = pass_megabyte();
        println!("a stream takes {peak} bytes in flight");
        for _ in 1..MEGABYTES {
            let (kept_later, peak_later) = pass_megabyte();
            assert!(kept_later <= kept + 1024 && peak_later <= peak + 1024, "{kept_later} {peak_later}");
        }
        assert!(peak <= IN_FLIGHT, "{peak}");
    }

    /// Chunks for a stream, which may have no end.
    type Chunks = Box<dyn Iterator<Item = Vec<u8>>>;

    fn repeated(chunk: Vec<u8>) -> Chunks {
        Box::new(std::iter::repeat(chunk))
    }

    fn numbered(chunk: impl Fn(usize) -> Vec<u8> + 'static) -> Chunks {
        Box::new((0..).map(chunk))
    }

    fn behind(first: Vec<u8>, chunk: Vec<u8>) -> Chunks {
        Box::new(std::iter::once(first).chain(repeated(chunk)))
    }

    fn content(text: &str) -> Vec<u8> {
        chat_delta(&json!({ "content": text }))
    }

    /// More of the arguments of a tool call.
    fn arguments(call: usize, text: &str) -> Vec<u8> {
        chat_delta(&json!({ "tool_calls": [{ "index": call, "function": { "arguments": text } }] }))
    }

    /// What would make a stream take more and more: what is done about it.
    fn attacks() -> Vec<(&'static str, Chunks, Option<Reason>)> {
        let limit = Some(Reason::HoldLimit);
        let addresses = "a@corp.example ".repeat(1000);
        // Each of them begins something that is not decided.
        let images = format!("{} {}", "x".repeat(1000), "![](h".repeat(400));
        let endless = b"data: {\"choices\":[{\"delta\":{\"content\":\"".to_vec();
        let calls = |number: usize| {
            let calls = (0..10)
                .map(|call| json!({ "index": 10 * number + call, "function": { "arguments": "![](h" } }));
            chat_delta(&json!({ "tool_calls": calls.collect::<Vec<_>>() }))
        };
        let choices = {
            let images = images.clone();
            move |number| choice_delta(number, &json!({ "content": images }))
        };
        let names =
            |_| sse(&json!({ "id": "x".repeat(100_000), "model": "y".repeat(100_000), "choices": [] }));
        vec![
            ("an endless event", behind(endless, vec![b'a'; 5000]), limit),
            ("endless arguments", repeated(arguments(0, &"x".repeat(500))), limit),
            ("arguments full of quotes", repeated(arguments(0, &"\"".repeat(5000))), limit),
            (
                "arguments full of escapes",
                repeated(arguments(0, &format!("\"{}\"", "\\n".repeat(5000)))),
                limit,
            ),
            ("arguments full of addresses", repeated(arguments(0, &addresses)), limit),
            ("blank lines behind what is held", behind(arguments(0, "{"), b"\n".repeat(5000)), limit),
            ("tool calls without end", numbered(|number| arguments(number, "")), limit),
            ("more of them, with something open", numbered(calls), limit),
            ("choices without end", numbered(choices), limit),
            ("an endless candidate", repeated(content("![alt](https://a.example/")), None),
            ("many of them", repeated(content(&images)), None),
            ("an endless address", repeated(content(&"a.b@c.d@".repeat(50))), None),
            ("endless digits", repeated(content("4111 1111 ")), None),
            ("findings without end", repeated(content(&addresses)), None),
            ("long names", numbered(names), None),
        ]
    }

    #[test]
    fn a_hostile_stream_stays_within_its_bound() {
        let chat = &dialects()[0];
        for (name, chunks, expected) in attacks() {
            let (cut, fed, peak) = until_cut(default(), chat, chunks);
            println!("{name}: {cut:?} after {fed} bytes, {peak} at most");
            assert_eq!(cut, expected, "{name}");
            assert!(peak <= HOSTILE, "{name}: {peak}");
        }
    }

    #[test]
    fn an_event_takes_a_multiple_of_its_size_while_it_is_judged() {
        let chat = &dialects()[0];
        let number = |number: &dyn Fn() -> Value| sse(&json!({ "choices": [], "x": number() }));
        let events = [
            ("of text", content(&"and so on ".repeat(90_000))),
            ("of addresses", content(&"a@corp.example ".repeat(60_000))),
            ("of escapes", arguments(0, &"\\n".repeat(200_000))),
            ("of empty strings", number(&|| Value::from(vec![""; 199_000]))),
            ("of numbers", number(&|| Value::from(vec![4; 199_000]))),
        ];
        for (name, event) in events {
            let size = event.len();
            let (cut, _, peak) = until_cut(default(), chat, [event]);
            println!("an event {name}: {cut:?}, {size} bytes, {peak} at most");
            assert!(peak <= JUDGED * HELD, "{name}: {peak}");
        }
    }

    /// As much as one request can ask of a provider: each choice thinks, speaks and calls two tools.
    #[test]
    fn an_answer_of_128_choices_is_no_attack() {
        let chat = &dialects()[0];
        let events = (0..12 * 128).map(|number| {
            let text = PROSE.concat();
            let calls = [
                json!({ "index": 0, "function": { "arguments": "{\"a\":" } }),
                json!({ "index": 1, "function": { "arguments": " 12" } }),
            ];
            match number / 128 {
                0..4 => choice_delta(number % 128, &json!({ "reasoning_content": text })),
                4..8 => choice_delta(number % 128, &json!({ "content": text })),
                _ => choice_delta(number % 128, &json!({ "tool_calls": calls })),
            }
        });
        let (cut, _, peak) = until_cut(default(), chat, events);
        println!("128 choices take {peak} bytes at most");
        assert_eq!(cut, None);
    }

    #[test]
    fn nothing_is_left_of_a_stream() {
        let setting = default();
        for dialect in dialects() {
            let mut gate = Gate::new(setting.config.clone(), NOW_MS / 1000);
            drop(begun(&mut gate, setting, &dialect));
            let secret = (dialect.delta)(0, "It is AKIAQ3EGRLPBX7N2TVWM, ");
            for chunk in [&prose(&dialect, 30_000).concat(), &secret] {
                let before = now();
                let mut exchange = begun(&mut gate, setting, &dialect);
                pass(&mut exchange, &dialect.opening.concat());
                pass(&mut exchange, chunk);
                drop(exchange.finish(&Closing { now_ms: NOW_MS, status: Some(200) }));
                assert_eq!(now(), before, "{}", dialect.name);
            }
        }
    }
}
