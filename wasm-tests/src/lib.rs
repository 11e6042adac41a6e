//! The parts that the tests of the built filter need.
