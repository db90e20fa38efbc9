//! Links with the national portal: their passwords, and connecting them.

use anyhow::Context as _;
use dinh_portal::Portal;

use super::http;
use super::notices::secret;
use crate::config::Config;
use crate::said::{OrSay as _, Words};

/// Connects what the configuration names. Nobody is called yet.
pub(super) fn connect(config: &Config, portal: &Portal) -> anyhow::Result<()> {
    let mut links = Vec::new();
    for settings in &config.portal.links {
        let broken = || {
            let name = &settings.counterpart;
            Words::new(
                format!("portal.links {name:?}: không dùng được kết nối này"),
                format!("portal.links {name:?}: this link cannot be used"),
            )
        };
        let password = settings.password_file.as_deref().map(secret).transpose().or_say(broken)?;
        links.push((settings.clone(), password));
    }
    let scanner = http::scanner(&config.uploads).context("the scanner of uploads")?;
    portal.connect(links, scanner).or_say(|| {
        Words::new(
            "portal.links: không kết nối được với cấu hình này",
            "portal.links: these settings cannot work",
        )
    })
}
