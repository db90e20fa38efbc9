//! A chain of errors in the lines that people read.

use super::{Words, foreign};

/// Two short texts on one line.
pub(crate) fn both(words: &Words) -> String {
    format!("{} · {}", words.vi, words.en)
}

/// A number with one decimal place as Vietnamese writes it.
pub(crate) fn decimal(number: f64) -> String {
    format!("{number:.1}").replace('.', ",")
}

/// What happened to a file or a folder, with its name behind.
pub(crate) fn place(vi: &str, en: &str, path: &std::path::Path) -> Words {
    let path = path.display();
    Words::new(format!("{vi} {path}"), format!("{en} {path}"))
}

/// What an error tells people.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// What went wrong, from the outside in.
    pub(crate) words: Words,
    /// What the system, the engine or a parser said, as it said it.
    pub(crate) cause: Option<String>,
}

/// One error of a chain.
pub(super) struct Link {
    /// In both languages, if it is known what it means.
    pub(super) words: Option<Words>,
    /// The part of it that is not translated.
    pub(super) cause: Option<String>,
}

impl Told {
    /// Puts the chain of `error` into words.
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        let (mut vi, mut en): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut causes: Vec<String> = Vec::new();
        for link in error.chain().map(foreign::link) {
            if let Some(words) = link.words {
                vi.push(words.vi);
                en.push(words.en);
            }
            // Many errors repeat in their own text what caused them.
            causes.extend(link.cause.filter(|cause| !causes.iter().any(|known| known.contains(cause))));
        }
        if vi.is_empty() {
            vi.push("không thực hiện được lệnh".to_owned());
            en.push("the command could not be carried out".to_owned());
        }
        let cause = (!causes.is_empty()).then(|| causes.join(": "));
        Self { words: Words::new(vi.join(": "), en.join(": ")), cause }
    }

    /// The lines that end a command.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("lỗi: {}", self.words.vi), format!("error: {}", self.words.en)];
        lines.extend(self.because());
        lines
    }

    /// The line of the cause.
    pub(crate) fn because(&self) -> Option<String> {
        self.cause.as_ref().map(|cause| format!("nguyên nhân · cause: {}", cause.trim_end()))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::said::{OrSay as _, said};

    #[test]
    fn a_chain_is_told_in_both_languages_and_its_cause_once() {
        let system = || Err::<(), _>(io::Error::other("no such thing"));
        let told = system()
            .or_say(|| Words::new("không đọc được tệp a", "cannot read the file a"))
            .or_say(|| Words::new("khi nạp a", "loading a"))
            .map_err(|error| Told::of(&error).lines());
        let expected = [
            "lỗi: khi nạp a: không đọc được tệp a",
            "error: loading a: cannot read the file a",
            "nguyên nhân · cause: no such thing",
        ];
        assert_eq!(told, Err(expected.map(str::to_owned).to_vec()));
        assert_eq!(Told::of(&said("không", "no")).lines(), ["lỗi: không", "error: no"]);
    }

    #[test]
    fn what_nobody_has_put_into_words_is_still_told_in_both() {
        let told = Told::of(&anyhow::anyhow!("odd"));
        assert!(told.words.vi.contains("không thực hiện được"), "{told:?}");
        assert_eq!(told.cause.as_deref(), Some("odd"));
    }

    #[test]
    fn a_cause_that_is_repeated_is_told_once() {
        let error = anyhow::anyhow!("it broke").context("outer: it broke");
        assert_eq!(Told::of(&error).cause.as_deref(), Some("outer: it broke"));
    }

    #[test]
    fn the_system_is_found_below_what_was_said() {
        let error = Err::<(), _>(io::Error::from(io::ErrorKind::BrokenPipe))
            .or_say(|| Words::new("không ghi được", "cannot write"))
            .expect_err("fails");
        assert!(crate::outcome::is_reader_gone(&error));
    }
}
