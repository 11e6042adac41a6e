//! One file for each API: what its dialects do in a whole exchange.

mod bedrock;
mod mcp;
mod ollama;
mod openai;
mod openai_responses;
