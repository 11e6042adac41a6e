//! One file for each API: what its dialects do in a whole exchange.

mod openai;
mod openai_responses;
