//! The ways by which people are told of their cases.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use dinh_casework::{Contact, Contacts, Messenger, Ways};
use dinh_context::SystemClock;
use dinh_context::outbound::Outbound;
use dinh_identity::Identity;
use dinh_messengers::{Error, Gateway, GatewaySettings, Mail, MailSettings};
use dinh_model::Tenant;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::allow_list;
use crate::config::{Config, Smtp};
use crate::said::{OrSay as _, Words, place, said};

/// Most ways.
const MOST: usize = 8;

/// The ways, with what accounts say of those who have them.
pub(super) fn ways(config: &Config, messengers: Vec<Arc<dyn Messenger>>, identity: &Identity) -> Ways {
    let home = config.http.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
    let contacts: Arc<dyn Contacts> = Arc::new(Accounts(identity.clone()));
    Ways { messengers, contacts: Some(contacts), home }
}

/// What the configuration names, made ready: refuses what makes no sense. Nobody is called yet.
pub(crate) fn messengers(config: &Config) -> anyhow::Result<Vec<Arc<dyn Messenger>>> {
    let mut all: Vec<Arc<dyn Messenger>> = Vec::new();
    if let Some(smtp) = &config.notices.smtp {
        let broken = || {
            Words::new(
                "notices.smtp: không gửi được thư điện tử với cấu hình này",
                "notices.smtp: e-mail cannot be sent with these settings",
            )
        };
        all.push(Arc::new(mail(config, smtp).or_say(broken)?));
    }
    if config.notices.http.len() > MOST {
        return Err(said(
            format!("notices.http: nhiều nhất {MOST} kênh"),
            format!("notices.http: at most {MOST} ways"),
        ));
    }
    let mut names = BTreeSet::new();
    for settings in &config.notices.http {
        let name = &settings.name;
        let broken = || {
            Words::new(
                format!("notices.http {name:?}: không dùng được kênh này"),
                format!("notices.http {name:?}: this way cannot be used"),
            )
        };
        if !names.insert(name) {
            return Err(said("hai kênh trùng tên", "two ways have one name")).or_say(broken);
        }
        all.push(Arc::new(gateway(config, settings).or_say(broken)?));
    }
    Ok(all)
}

fn mail(config: &Config, smtp: &Smtp) -> anyhow::Result<Mail> {
    if !(1..=120).contains(&smtp.timeout_seconds) {
        return Err(said("timeout_seconds phải từ 1 đến 120", "timeout_seconds must be 1 to 120"));
    }
    let credentials = match (&smtp.user, &smtp.password_file) {
        (None, None) => None,
        (Some(user), Some(file)) => Some((user.clone(), secret(file)?)),
        _ => return Err(worded(&Error::Credentials)),
    };
    let unreadable =
        |file: &Path| place("không đọc được chứng thư trong", "cannot read the certificate in", file);
    let authorities = smtp.ca_file.as_deref().map(|file| std::fs::read(file).or_say(|| unreadable(file)));
    let settings = MailSettings {
        host: smtp.host.clone(),
        port: smtp.port,
        security: smtp.security,
        from: smtp.from.clone(),
        reply_to: smtp.reply_to.clone(),
        credentials,
        authorities: authorities.transpose()?,
        timeout: Duration::from_secs(smtp.timeout_seconds),
    };
    Mail::new(settings, &allow_list(config), Arc::new(SystemClock)).map_err(|error| worded(&error))
}

fn gateway(config: &Config, settings: &GatewaySettings) -> anyhow::Result<Gateway> {
    let read = |(name, file): (&String, &std::path::PathBuf)| Ok((name.clone(), secret(file)?));
    let secrets: BTreeMap<String, String> =
        settings.secret_headers.iter().map(read).collect::<anyhow::Result<_>>()?;
    let outbound = Outbound::new(allow_list(config)).context("a client for HTTP")?;
    Gateway::new(settings.clone(), &secrets, outbound).map_err(|error| worded(&error))
}

/// What a file holds, on one line.
pub(super) fn secret(file: &Path) -> anyhow::Result<String> {
    let unreadable = || place("không đọc được bí mật trong", "cannot read the secret in", file);
    let text = std::fs::read_to_string(file).or_say(unreadable)?;
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(said("bí mật phải là một dòng chữ", "a secret is one line of text")).or_say(unreadable);
    }
    Ok(text.to_owned())
}

/// What is wrong with settings, in both languages.
fn worded(error: &Error) -> anyhow::Error {
    let vi = match error {
        Error::Address { setting, value } => format!(
            "{setting}: {value:?} không phải địa chỉ thư điện tử; hãy viết motcua@hue.gov.vn hoặc Một cửa <motcua@hue.gov.vn>"
        ),
        Error::NotAllowed { host } => {
            format!("{host} không có trong danh sách được gọi ra ngoài; hãy thêm vào outbound.allow")
        }
        Error::Tls(_) => "ca_file: không phải chứng thư dạng PEM".to_owned(),
        Error::Credentials => "user và password_file phải đi cùng nhau".to_owned(),
        Error::InTheClear => {
            "security: mật khẩu chỉ được gửi qua tls hoặc starttls, hoặc tới chính máy này".to_owned()
        }
        Error::Template { setting, reason } => format!("{setting}: mẫu gọi không dùng được ({reason})"),
    };
    said(vi, error.to_string())
}

/// What accounts say of those who have them.
struct Accounts(Identity);

impl Contacts for Accounts {
    fn of<'a>(&'a self, _tenant: &'a Tenant, account: &'a str) -> BoxFuture<'a, Option<Contact>> {
        async move {
            match self.0.reached(account).await {
                Ok(reached) => reached.map(|reached| Contact {
                    english: reached.english,
                    email: reached.email,
                    telephone: reached.phone,
                }),
                Err(error) => {
                    // Rather told at the address of the dossier alone than not at all.
                    tracing::warn!(%error, account, "how somebody is reached could not be read");
                    None
                }
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::said::Told;

    fn refused(toml: &str) -> String {
        let notices = toml::from_str(toml).expect("reads");
        let config = Config { notices, ..Config::default() };
        let told = Told::of(&messengers(&config).err().expect("is refused"));
        format!("{} · {}", told.words.vi, told.words.en)
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_start_in_both_languages() {
        let with = |more: &str| {
            refused(&format!("[smtp]\nhost = \"localhost\"\nfrom = \"motcua@hue.gov.vn\"\n{more}"))
        };
        for (more, vi, en) in [
            ("user = \"a\"", "phải đi cùng nhau", "belong together"),
            ("reply_to = \"ai đó\"", "không phải địa chỉ", "no e-mail address"),
            ("timeout_seconds = 0", "từ 1 đến 120", "1 to 120"),
            ("ca_file = \"/nowhere\"", "/nowhere", "cannot read the certificate in /nowhere"),
            ("user = \"a\"\npassword_file = \"/nowhere\"", "/nowhere", "cannot read the secret in /nowhere"),
        ] {
            let told = with(more);
            assert!(told.contains(vi) && told.contains(en), "{more}: {told}");
        }
        let told = refused("[smtp]\nhost = \"mail.example\"\nfrom = \"a@b.vn\"\n");
        assert!(told.contains("mail.example:587") && told.contains("outbound.allow"), "{told}");
        let sms = "[[http]]\nname = \"sms\"\nurl = \"http://localhost/\"\n";
        let told = refused(&format!("{sms}{sms}"));
        assert!(told.contains("trùng tên") && told.contains("one name"), "{told}");
        let told = refused(&format!("{sms}json = {{ to = \"{{whom}}\" }}"));
        assert!(told.contains("json.to") && told.contains("{whom}"), "{told}");
    }

    #[test]
    fn what_can_work_is_made_ready() {
        let notices = toml::from_str(
            "[smtp]\nhost = \"localhost\"\nsecurity = \"none\"\nfrom = \"Một cửa <motcua@hue.gov.vn>\"\n\
             [[http]]\nname = \"sms\"\nurl = \"http://localhost/send\"\ntelephone = \"international\"\n\
             text = { longest = 160, without_accents = true }\n\
             json = { phone = \"{to}\", message = \"{text}\" }\n\
             sent = { pointer = \"/code\", equals = [0] }\n",
        );
        let config = Config { notices: notices.expect("reads"), ..Config::default() };
        let all = messengers(&config).expect("is good");
        assert_eq!(all.iter().map(|way| way.name()).collect::<Vec<_>>(), ["email", "sms"]);
    }
}
