//! The templates, and what they can call: `t(key, …)` says a message, `asset(name)` gives the address of a file.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::assets;
use crate::words::{Args, Lang, speech};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Embedded;

static TEMPLATES: LazyLock<Environment<'static>> =
    LazyLock::new(|| parse().expect("the templates are part of the program and tested"));

/// A page. `lang` is given to the template beside the page's own values.
pub(crate) fn render(name: &str, lang: Lang, values: impl Serialize) -> Result<String, Error> {
    let context = minijinja::context! { lang => lang.tag(), ..Value::from(Serde(values)) };
    TEMPLATES.get_template(name)?.render(context)
}

/// Parses the templates. A name that a template uses and its page does not give is an error, not an empty space.
fn parse() -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for name in Embedded::iter() {
        if let Some(file) = Embedded::get(&name) {
            let text = String::from_utf8(file.data.into_owned())
                .map_err(|e| Error::new(ErrorKind::InvalidOperation, format!("{name} is not UTF-8: {e}")))?;
            env.add_template_owned(name.into_owned(), text)?;
        }
    }
    env.add_function("asset", |name: &str| assets::address(name));
    env.add_function("t", |state: &State<'_, '_>, key: &str, values: Kwargs| -> Result<String, Error> {
        let lang = state.lookup("lang").and_then(|l| l.as_str().and_then(Lang::from_tag)).unwrap_or_default();
        let mut args = Args::new();
        for name in values.args() {
            let value: Value = values.get(name)?;
            if let Ok(number) = f64::try_from(value.clone()) {
                args.set(name.to_owned(), number);
            } else {
                args.set(name.to_owned(), value.to_string());
            }
        }
        values.assert_all_used()?;
        Ok(speech().say(lang, key, Some(&args)))
    });
    Ok(env)
}
