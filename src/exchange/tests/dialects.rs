//! Exchanges in the dialects of other APIs than chat completions.

mod mcp;
