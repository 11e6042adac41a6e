//! Whole exchanges in each dialect.

mod bedrock;
mod mcp;
mod ollama;
