//! The words of the house: part of the program, read once.

use std::sync::LazyLock;

use super::{Args, Lang, Speech};

static SPEECH: LazyLock<Speech> =
    LazyLock::new(|| Speech::own().expect("the words are part of the program and tested"));

/// All messages.
pub(crate) fn speech() -> &'static Speech {
    &SPEECH
}

impl Lang {
    /// The message `key`.
    pub(crate) fn say(self, key: &str) -> String {
        SPEECH.say(self, key, None)
    }

    /// The message `key` with values in its places.
    pub(crate) fn say_with(self, key: &str, args: &Args<'_>) -> String {
        SPEECH.say(self, key, Some(args))
    }
}
