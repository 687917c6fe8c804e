//! Bindings to libjpeg, the reference decoder: returns pixels, or its error messages.
//!
//! Its errors unwind through C to here (a feature of mozjpeg-sys). The code that receives its messages is
//! unsafe.

use std::any::Any;
use std::ffi::c_int;
use std::io::{self, BufRead};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use mozjpeg::decompress::DecompressBuilder;
use mozjpeg::{ColorSpace, Decompress};
use mozjpeg_sys as ffi;

use super::planes::{self, Planes};

/// A libjpeg message that ended the decoding.
#[derive(Debug)]
pub struct Message {
    pub code: ffi::J_MESSAGE_CODE,
    pub text: String,
}

/// Samples in the colour space of the file: red, green, blue; or cyan, magenta, yellow, black, inverted as
/// Adobe stores them.
#[derive(Debug)]
pub struct Samples {
    pub width: usize,
    pub height: usize,
    pub channels: usize,
    pub samples: Vec<u8>,
}

/// How warnings are handled. On damaged data, libjpeg warns and returns what it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warnings {
    End,
    PassOver,
}

/// Samples in the colour space of the file, or planes if the file is 4:2:0.
#[derive(Debug)]
pub enum Stored {
    Samples(Samples),
    Planes(Planes),
}

/// Decodes all scans.
///
/// # Errors
/// An error of libjpeg, or a warning if warnings end the decoding.
pub fn decode(jpeg: &mut dyn BufRead, warnings: Warnings) -> Result<Samples, Message> {
    caught(|| samples(open(jpeg, warnings)?))
}

/// Decodes all scans, without converting colours if there are planes. A warning ends the decoding.
///
/// # Errors
/// An error or a warning of libjpeg.
pub fn decode_stored(jpeg: &mut dyn BufRead) -> Result<Stored, Message> {
    caught(|| {
        let decoder = open(jpeg, Warnings::End)?;
        if planes::are_in(&decoder) {
            planes::read(decoder).map(Stored::Planes)
        } else {
            samples(decoder).map(Stored::Samples)
        }
    })
}

type Reader<'a> = &'a mut dyn BufRead;

fn open(jpeg: Reader, warnings: Warnings) -> io::Result<Decompress<Reader>> {
    DecompressBuilder::new().with_err(messages(warnings)).from_reader(jpeg)
}

fn samples(decoder: Decompress<Reader>) -> io::Result<Samples> {
    let (colors, channels) = match decoder.color_space() {
        ColorSpace::JCS_CMYK | ColorSpace::JCS_YCCK => (ColorSpace::JCS_CMYK, 4),
        _ => (ColorSpace::JCS_RGB, 3),
    };
    let mut started = Decompress::to_colorspace(decoder, colors)?;
    let (width, height) = (started.width(), started.height());
    let samples = started.read_scanlines()?;
    // Also checks the end of the file.
    started.finish()?;
    Ok(Samples { width, height, channels, samples })
}

fn caught<T>(read: impl FnOnce() -> io::Result<T>) -> Result<T, Message> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err(Message { code: ffi::JMSG_NOMESSAGE, text: error.to_string() }),
        Err(thrown) => Err(message_in(thrown)),
    }
}

/// The message in a panic. Any other panic is resumed.
fn message_in(thrown: Box<dyn Any + Send>) -> Message {
    match thrown.downcast::<Message>() {
        Ok(message) => *message,
        Err(other) => resume_unwind(other),
    }
}

fn messages(warnings: Warnings) -> ffi::jpeg_error_mgr {
    // SAFETY: all fields are numbers, pointers and optional functions; libjpeg fills them in.
    let mut manager = unsafe {
        let mut manager: ffi::jpeg_error_mgr = mem::zeroed();
        ffi::jpeg_std_error(&mut manager);
        manager
    };
    manager.error_exit = Some(throw);
    manager.emit_message = Some(match warnings {
        Warnings::End => throw_warning,
        Warnings::PassOver => pass_over,
    });
    manager
}

extern "C-unwind" fn throw(info: &mut ffi::jpeg_common_struct) {
    resume_unwind(Box::new(last_message(info)));
}

/// Warnings have a level below zero, traces zero or above.
extern "C-unwind" fn throw_warning(info: &mut ffi::jpeg_common_struct, level: c_int) {
    if level < 0 {
        let message = last_message(info);
        // A newer version of the JFIF segment does not change pixels.
        if message.code != ffi::JWRN_JFIF_MAJOR {
            resume_unwind(Box::new(message));
        }
    }
}

extern "C-unwind" fn pass_over(_: &mut ffi::jpeg_common_struct, _: c_int) {}

fn last_message(info: &mut ffi::jpeg_common_struct) -> Message {
    type Format = unsafe extern "C-unwind" fn(&mut ffi::jpeg_common_struct, *mut u8);
    // SAFETY: libjpeg has set the manager, and writes at most JMSG_LENGTH_MAX (200) bytes into a buffer of that length.
    unsafe {
        let Some(manager) = info.err.as_ref() else {
            return Message { code: ffi::JMSG_NOMESSAGE, text: String::new() };
        };
        let code = manager.msg_code as ffi::J_MESSAGE_CODE;
        let mut buffer = [0; 200];
        if let Some(format) = manager.format_message {
            // The buffer declared by the binding is shorter, and is not written to.
            let format: Format = mem::transmute(format);
            format(info, buffer.as_mut_ptr());
        }
        let len = buffer.iter().position(|&byte| byte == 0).unwrap_or(buffer.len());
        Message { code, text: String::from_utf8_lossy(&buffer[..len]).into_owned() }
    }
}
