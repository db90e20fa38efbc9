//! Signing: whom to believe, whom to ask for the time, what private keys are sealed with.

use std::path::Path;
use std::sync::Arc;

use dinh_context::fresh_seed;
use dinh_signing::{Module, SealKey, Settings, TrustList};
use dinh_tokens::Token;
use jiff::SignedDuration;

use crate::config::{Config, SecurityModule};
use crate::keyfile;
use crate::said::{OrSay as _, place, said};

/// What signing goes by. A list that cannot be read is refused: whom to believe is not guessed.
pub(super) fn settings(config: &Config) -> anyhow::Result<Settings> {
    let trust = config.signing.trust.as_deref().map(trust).transpose()?.unwrap_or_default();
    let file = config.keys_folder().join("signing.key");
    let unusable = || {
        place("không dùng được khoá niêm phong khoá ký", "cannot use the key that seals signing keys,", &file)
    };
    let secret = keyfile::open_or_create(&file, fresh_seed).or_say(unusable)?;
    let seal = SealKey::new(&secret).ok_or_else(|| {
        said("khoá niêm phong khoá ký không dùng được", "the key that seals signing keys is unusable")
    })?;
    Ok(Settings {
        trust,
        time_stamps: config.signing.timestamp_url.clone(),
        grace: SignedDuration::from_hours(config.signing.grace_hours.into()),
        seal: Some(seal),
        module: config.signing.module.as_ref().map(module).transpose()?,
    })
}

fn trust(file: &Path) -> anyhow::Result<TrustList> {
    let unusable =
        || place("không dùng được danh sách tin cậy", "cannot use the list of trusted authorities,", file);
    let text = std::fs::read_to_string(file).or_say(unusable)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    TrustList::read(&text, &|name| std::fs::read(folder.join(name))).or_say(unusable)
}

/// The security module, open: one that does not open is refused at start.
fn module(module: &SecurityModule) -> anyhow::Result<Arc<dyn Module>> {
    let unread = || place("không đọc được mã PIN trong", "cannot read the PIN in", &module.pin_file);
    let pin = std::fs::read_to_string(&module.pin_file).or_say(unread)?;
    let unusable =
        || place("không dùng được thiết bị bảo mật", "cannot use the security module,", &module.library);
    let token = Token::open(&module.library, &module.token, pin.trim_end_matches(['\r', '\n']));
    Ok(Arc::new(token.or_say(unusable)?))
}
