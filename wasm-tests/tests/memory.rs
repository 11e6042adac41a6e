//! Memory of a real Envoy with the filter: a thousand streams that are open at once, and one that is very long. What a
//! stream takes of the module's own memory is counted in `tests/memory.rs` of the filter.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use wasm_tests::Http;
use wasm_tests::body::End;
use wasm_tests::client::{Call, Connection, Open};
use wasm_tests::openai::{self, Delta};
use wasm_tests::stage::{CARD_MASK, MODEL, Stage};

const AT_ONCE: Duration = Duration::ZERO;
const STREAMS: usize = 1000;
const CONNECTIONS: usize = 20;

/// A stage whose streams may take their time.
async fn patient() -> Stage {
    let minutes = Duration::from_secs(300);
    Stage::with(|_| {}, |gate| gate.route_timeout(minutes).stream_idle_timeout(minutes)).await
}

/// The first half of a stream's text, which ends in the middle of a card, and the second one.
fn halves(number: usize) -> [Vec<u8>; 2] {
    let first = [format!("Stream {number} "), "has 4111 ".to_owned(), "1111 ".to_owned()];
    let second = ["1111".to_owned(), format!(" 1111 and is {number}.")];
    let events = openai::stream(
        &first.iter().chain(&second).map(|text| Delta::content(text)).collect::<Vec<_>>(),
        AT_ONCE,
    );
    let events = events.bytes();
    let at = events.windows(6).position(|bytes| bytes == b"\"1111\"").expect("the second half");
    let begin = events[..at].windows(6).rposition(|bytes| bytes == b"data: ").expect("its event");
    [events[..begin].to_vec(), events[begin..].to_vec()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_streams_are_open_at_once() {
    let stage = patient().await;
    let (finish, held) = watch::channel(());
    for number in 0..STREAMS {
        let [first, second] = halves(number);
        let script =
            openai::stream_cut(&[], AT_ONCE).piece(first).end(End::Held(held.clone(), second.into()));
        stage.model.script(&format!("held-{number}"), script);
    }
    let token = stage.token().expires_in(3000).sign();
    let call =
        move |number: usize| Call::chat_stream(MODEL, "Hi.").bearer(&token).script(&format!("held-{number}"));
    let call = Arc::new(call);
    let before = stage.envoy.resident();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|client| {
            let (call, addr) = (Arc::clone(&call), stage.envoy.addr);
            tokio::spawn(async move {
                let mut connection = Connection::open(addr, Http::Two).await.expect("a connection");
                let mut open: Vec<(usize, Open)> = Vec::new();
                for number in (client..STREAMS).step_by(CONNECTIONS) {
                    let mut stream = connection.open_call(call(number)).await.expect("a head");
                    assert!(stream.chunk().await.is_some(), "stream {number} has not begun");
                    open.push((number, stream));
                }
                (connection, open)
            })
        })
        .collect();
    let mut open = Vec::new();
    for client in clients {
        open.push(client.await.expect("a client"));
    }
    assert_eq!(stage.envoy.stat("http.gate.downstream_rq_active").await, STREAMS as u64);
    let during = stage.envoy.resident();
    let each = during.saturating_sub(before) / STREAMS as u64;
    println!("Envoy: {before} KiB before, {during} KiB with {STREAMS} open streams, {each} KiB each");
    assert!(each <= 128, "{each} KiB for each open stream");

    drop(finish);
    for (_connection, streams) in open {
        for (number, stream) in streams {
            let answer = stream.rest().await;
            assert_eq!(answer.cut, None, "stream {number}");
            assert_eq!(answer.content(0), format!("Stream {number} has {CARD_MASK} and is {number}."));
        }
    }
    let after = stage.envoy.resident();
    println!("Envoy: {after} KiB after");
    assert!(stage.envoy.alive());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_a_hundred_megabytes_takes_no_more_than_one_of_ten() {
    const BLOCKS: usize = 1600;
    let stage = patient().await;
    // Blocks of 64 KB with one card each, which is split over two deltas.
    let words = [
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
        " see",
        ".\n",
    ];
    let mut deltas = vec![Delta::content("It is 4111 1111"), Delta::content(" 1111 1111.\n")];
    deltas.extend(words.iter().cycle().take(360).map(|word| Delta::content(word)));
    let block = Bytes::from(openai::stream_cut(&deltas, AT_ONCE).bytes());
    let total = block.len() * BLOCKS;
    assert!(total >= 100_000_000, "{total}");
    let script = (0..BLOCKS).fold(openai::stream_cut(&[], AT_ONCE), |script, _| script.piece(block.clone()));
    stage.model.script("long", script.piece(openai::stream_text(&["Done."], AT_ONCE).bytes()));

    let call = stage.chat_stream("Hi.").script("long").lazy();
    let mut stream = call.open(stage.envoy.addr, Http::Two).await.expect("a head");
    let (mut received, mut early, mut late) = (0, 0, 0);
    while let Some(chunk) = stream.chunk().await {
        received += chunk.bytes.len();
        let now = stage.envoy.resident();
        let seen = if received < total / 10 { &mut early } else { &mut late };
        *seen = now.max(*seen);
    }
    println!("Envoy: at most {early} KiB in the first tenth of {received} bytes, {late} KiB behind it");
    let answer = stream.rest().await;
    assert_eq!(answer.cut, None);
    let text = answer.text();
    assert!(!text.contains("4111"));
    assert_eq!(text.matches(CARD_MASK).count(), BLOCKS);
    assert!(text.ends_with("data: [DONE]\n\n"));
    // Envoy's allocator and V8 keep some of what they had; the stream would take 100 MB more.
    assert!(late <= early + (64 << 10), "memory grew from {early} to {late} KiB");
}
