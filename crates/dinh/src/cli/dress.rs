//! The words that clap brings along, put into both languages: headings, defaults, the values a flag may have.

use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use super::arguments::Cli;

const ARGUMENTS: &str = "Tham số · Arguments";
const OPTIONS: &str = "Tùy chọn · Options";
const COMMANDS: &str = "Lệnh · Commands";
const TEMPLATE: &str = "\
{before-help}{about-with-newline}
Cách dùng · Usage: {usage}

{all-args}{after-help}";

/// The command line as people meet it.
pub(crate) fn command() -> Command {
    let own = |name: &'static str, short, action| Arg::new(name).short(short).long(name).action(action);
    let help = own("help", 'h', ArgAction::Help).global(true);
    let version = own("version", 'V', ArgAction::Version);
    let command = Cli::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help.help("In trợ giúp; -h in bản tóm tắt · Print help; -h prints a summary"))
        .arg(version.help("In số phiên bản · Print the version"));
    dressed(command)
}

/// Reads the command line of this process.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    let matches: ArgMatches = command().try_get_matches()?;
    Cli::from_arg_matches(&matches)
}

fn dressed(command: Command) -> Command {
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading(COMMANDS)
        .mut_args(argument)
        .mut_subcommands(dressed)
}

fn argument(arg: Arg) -> Arg {
    let heading = if arg.is_positional() { ARGUMENTS } else { OPTIONS };
    let takes_values = arg.get_action().takes_values();
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let default = default(&arg);
    let short = format!("{help}{}{}", after(" ", &default), names(&arg));
    let long = format!("{help}{}{}", values(&arg), after("\n", &default));
    arg.help_heading(heading)
        .hide_default_value(takes_values)
        .hide_possible_values(takes_values)
        .help(short)
        .long_help(long)
}

fn after(between: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{between}{text}") }
}

/// What holds if nothing is said.
fn default(arg: &Arg) -> String {
    let values: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if arg.get_action().takes_values() && !values.is_empty() {
        format!("[mặc định · default: {}]", values.join(", "))
    } else {
        String::new()
    }
}

/// The values that it may have, in short.
fn names(arg: &Arg) -> String {
    let values = arg.get_possible_values();
    let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
    if is_choice(arg) { format!(" [giá trị · values: {}]", names.join(", ")) } else { String::new() }
}

/// The values that it may have, each with what it means.
fn values(arg: &Arg) -> String {
    if !is_choice(arg) {
        return String::new();
    }
    let values = arg.get_possible_values();
    let lines = values.iter().map(|value| {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        format!("\n- {}: {help}", value.get_name())
    });
    format!("\nGiá trị · Values:{}", lines.collect::<String>())
}

/// True if it takes one of several values; a flag is there or not.
fn is_choice(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !arg.get_possible_values().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters that Vietnamese has and English has not.
    const LETTERS: &str = "ăâđêôơưàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ";

    fn is_vietnamese(text: &str) -> bool {
        text.to_lowercase().chars().any(|letter| LETTERS.contains(letter))
    }

    fn says_both(place: &str, text: &str) {
        let (vi, en) =
            text.split_once(" · ").unwrap_or_else(|| panic!("{place} speaks one language: {text:?}"));
        assert!(is_vietnamese(vi), "{place} does not begin in Vietnamese: {text:?}");
        assert!(en.bytes().any(|byte| byte.is_ascii_alphabetic()), "{place} has no English: {text:?}");
    }

    /// A paragraph in Vietnamese, then one in English that is not much shorter or longer.
    fn tells_both(place: &str, text: &str) {
        let paragraphs: Vec<&str> = text.split("\n\n").collect();
        let (vi, en): (Vec<&str>, Vec<&str>) =
            paragraphs.iter().partition(|text| is_vietnamese(&text.replace("Đình", "")));
        assert!(paragraphs.first().is_some_and(|first| is_vietnamese(first)), "{place}: {text}");
        let length = |texts: &[&str]| texts.iter().map(|text| text.chars().count()).sum::<usize>();
        let (vi, en) = (length(&vi), length(&en));
        assert!(
            2 * vi > en && 2 * en > vi,
            "{place} tells {vi} letters in Vietnamese and {en} in English: {text}"
        );
    }

    fn walk(command: &Command) {
        let name = command.get_name();
        says_both(name, &command.get_about().map(ToString::to_string).unwrap_or_default());
        tells_both(name, &command.get_long_about().map(ToString::to_string).unwrap_or_default());
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(after.contains(" · ") && after.contains("dinh "), "{name} gives no examples: {after}");
        for arg in command.get_arguments() {
            let place = format!("{name} {}", arg.get_id());
            says_both(&place, &arg.get_help().map(ToString::to_string).unwrap_or_default());
            says_both(&place, &arg.get_long_help().map(ToString::to_string).unwrap_or_default());
            assert!(arg.get_help_heading().is_some_and(|heading| heading.contains(" · ")), "{place}");
            for value in arg.get_possible_values().iter().filter(|_| is_choice(arg)) {
                says_both(&place, &value.get_help().map(ToString::to_string).unwrap_or_default());
            }
        }
        command.get_subcommands().for_each(walk);
    }

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_help_text_is_in_both_languages() {
        let mut all = command();
        all.build();
        walk(&all);
    }

    #[test]
    fn every_command_gives_examples_of_itself() {
        for command in command().get_subcommands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains(&format!("dinh {}", command.get_name())), "{after}");
        }
    }
}
