//! Reading published files: gzip or plain, JSON exports or CSV, entry by entry, never the whole at once.

mod central;
mod export;
mod office;
mod sink;
mod table;
mod text;

use std::{
    cell::Cell,
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
};

use flate2::read::MultiGzDecoder;

pub(crate) use sink::{Piece, Pipe, Sink, Survey};

/// How many bytes a file holds at most when it is unpacked.
const CONTENT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Why a file is not taken in.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Broken {
    /// It is damaged, cut off or breaks the form of its kind.
    Form(String),
    /// It is of no kind that is read here.
    Kind(String),
}

/// Reads `file` into `sink`.
pub(crate) fn read(file: &[u8], sink: &mut impl Sink) -> Result<(), Broken> {
    let count = Rc::new(Cell::new(0));
    if file.starts_with(&[0x1f, 0x8b]) {
        content(Counted { inner: MultiGzDecoder::new(file), count: Rc::clone(&count) }, &count, sink)
    } else {
        content(Counted { inner: file, count: Rc::clone(&count) }, &count, sink)
    }
}

fn content(source: impl Read, count: &Cell<u64>, sink: &mut impl Sink) -> Result<(), Broken> {
    let mut source = BufReader::with_capacity(64 * 1024, source);
    let cut = |error: io::Error| Broken::Form(format!("after {} bytes of content: {error}", count.get()));
    let first = loop {
        match source.fill_buf().map_err(cut)? {
            [] => return Err(Broken::Kind("the file is empty".to_owned())),
            // A byte order mark, or a space before the first word.
            [0xef | 0xbb | 0xbf | b' ' | b'\t' | b'\r' | b'\n', ..] => source.consume(1),
            [first, ..] => break *first,
        }
    };
    if first == b'{' {
        export::read(source, sink).map_err(|error| match error.io_error_kind() {
            Some(_) => cut(error.into()),
            None => Broken::Form(error.to_string()),
        })
    } else {
        table::read(source, sink)
    }
}

/// Counts what was read and stops a file that unpacks without end.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let count = self.count.get() + u64::try_from(read).unwrap_or(u64::MAX);
        self.count.set(count);
        if count > CONTENT_BYTES_MAX {
            return Err(io::Error::other(format!("more than {CONTENT_BYTES_MAX} bytes unpacked")));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
