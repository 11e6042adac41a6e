//! Whole exchanges in each dialect.

mod bedrock;
mod ollama;
