//! The snapshot for services that hold look-ups in memory.

mod take;
mod tell;
