//! Streams that real providers sent, where the corpora are at hand: clean ones are byte-identical for any chunking.

use super::streams::HEAD;
use super::*;
use crate::chunking;
use crate::corpus;

/// These recordings are not what an OpenAI client can read, whatever a gate does with them.
const NOT_JSON: [&str; 1] = ["streams_recorded-00124"];

#[test]
fn recorded_chat_streams_pass_byte_for_byte() {
    let Some(rows) = corpus::rows("streams_recorded") else {
        return;
    };
    let mut count = 0;
    for row in rows {
        let id = row["id"].as_str().unwrap().to_owned();
        let body = corpus::bytes(&row);
        let is_chat =
            String::from_utf8_lossy(&body).contains("chat.completion.chunk") && row["label"] == "sse";
        if !is_chat || NOT_JSON.contains(&id.as_str()) {
            continue;
        }
        count += 1;
        let cuts = chunking::random(&body, 300, 7, 3).chain([vec![&body[..]], chunking::fixed(&body, 11)]);
        for chunks in cuts {
            let mut peer = Peer::default();
            peer.chat();
            let outcome = peer.response(&HEAD, &chunks, End::Yes);
            assert!(outcome == Outcome::Sent(body.clone()), "{id}: changed ({:?})", peer.exchange.reason());
            assert_eq!(
                serde_json::to_value(peer.record()).unwrap()["response"]["coverage"],
                "scanned",
                "{id}"
            );
        }
    }
    println!("{count} recorded chat streams are byte-identical");
    assert!(count > 20);
}
