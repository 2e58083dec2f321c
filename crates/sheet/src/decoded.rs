//! Bytes of any encoding as a stream of UTF-8 that always ends with a line end.
//! Deliberately absent: replacement characters; a wrong byte is an error with its line, never a quiet �.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::problem::Problem;

pub(crate) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    filled: usize,
    source_ended: bool,
    ended: bool,
    last: u8,
    line: u64,
}

/// At least the first `bytes` bytes of a text, or all of a shorter one.
pub(crate) fn head(path: &Path, encoding: &'static Encoding, bytes: usize) -> Result<String, Problem> {
    let mut text = Decoded::new(File::open(path).map_err(Problem::unreadable)?, encoding);
    let mut head = Vec::new();
    let mut buffer = vec![0; 4 << 10];
    while head.len() < bytes {
        match text.read(&mut buffer).map_err(Problem::unreadable)? {
            0 => break,
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    String::from_utf8(head).map_err(Problem::unreadable)
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(source: R, encoding: &'static Encoding) -> Self {
        Decoded {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 16 << 10],
            at: 0,
            filled: 0,
            source_ended: false,
            ended: false,
            last: 0,
            line: 1,
        }
    }

    /// A final record without a line end would otherwise be counted differently from the others.
    fn close(&mut self, out: &mut [u8]) -> usize {
        self.ended = true;
        if self.last == b'\n' || self.last == 0 {
            return 0;
        }
        self.last = b'\n';
        out[0] = b'\n';
        1
    }
}

impl<R: Read> Read for Decoded<R> {
    /// Needs room for at least one character, four bytes; the buffers of all callers are far larger.
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.ended || out.is_empty() {
            return Ok(0);
        }
        loop {
            if self.at == self.filled && !self.source_ended {
                self.filled = self.source.read(&mut self.raw)?;
                self.at = 0;
                self.source_ended = self.filled == 0;
            }
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.at..self.filled],
                out,
                self.source_ended,
            );
            self.at += read;
            self.line += out[..written].iter().filter(|b| **b == b'\n').count() as u64;
            if let Some(last) = out[..written].last() {
                self.last = *last;
            }
            match result {
                DecoderResult::Malformed(..) => {
                    return Err(std::io::Error::other(Problem::Encoding { line: self.line }));
                }
                DecoderResult::InputEmpty if self.source_ended && written == 0 => {
                    return Ok(self.close(out));
                }
                DecoderResult::OutputFull if written == 0 => {
                    return Err(std::io::Error::other("a buffer too small for one character"));
                }
                _ if written > 0 => return Ok(written),
                _ => {}
            }
        }
    }
}
