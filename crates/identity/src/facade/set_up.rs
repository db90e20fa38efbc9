//! The first administrator of an installation.

use dinh_access::AccountKind;
use dinh_model::{Tenant, Timestamp};
use serde::{Deserialize, Serialize};

use super::{By, Identity, SignedIn};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Address, Days, Handle, Role};
use crate::entropy::fresh;
use crate::event::{Means, Origin, What};
use crate::factor::plain;
use crate::kept::{delete, kind, put};
use crate::secret::{same, sha256};
use crate::secrets::Secrets;
use crate::session::Shown;
use crate::text::base32;

/// Key of the one record.
const CODE: &str = "code";
/// How long a set-up code is good, in microseconds: a day.
const LASTS: i64 = 24 * 3600 * 1_000_000;
/// The role of those who run accounts.
pub(super) const ADMINISTRATOR: &str = "administrator";

#[derive(Serialize, Deserialize)]
struct KeptCode {
    hash: String,
    until: Timestamp,
}

/// Whom the set-up code makes an administrator.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    /// What pages call them.
    pub name: String,
    /// By what they sign in.
    pub email: Handle,
    /// Their password.
    pub password: String,
    /// The tenants that they look after beside the default one, from which all accounts are looked after.
    pub tenants: Vec<Tenant>,
}

impl Identity {
    /// While there is no account: a fresh one-time code with which somebody makes the first administrator within a
    /// day, for the program to print where only who started it can read it. An earlier code is void. None once there
    /// is an account.
    pub async fn set_up_code(&self) -> Result<Option<String>, Error> {
        let _lock = self.0.set_up.lock().await;
        if self.0.kept.count(kind::ACCOUNT).await? > 0 {
            return Ok(None);
        }
        let code = base32(&fresh::<15>(self.0.entropy.as_ref())?);
        let kept = KeptCode { hash: sha256(code.as_bytes()), until: self.now().plus_micros(LASTS) };
        self.0.kept.write(vec![put(kind::SET_UP, CODE, &kept)?]).await?;
        let by = By::someone("system:identity".to_owned(), &Origin::default());
        self.note(&by, None, What::SetUpCodeMade).await?;
        let groups: Vec<String> =
            code.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
        Ok(Some(groups.join("-")))
    }

    /// True while the installation waits for its first administrator.
    pub async fn awaits_set_up(&self) -> Result<bool, Error> {
        Ok(self.0.kept.count(kind::ACCOUNT).await? == 0)
    }

    /// Makes the first administrator with the set-up code, and signs them in. What administrators do asks for a second
    /// factor, which is therefore the first thing to set up.
    pub async fn set_up(
        &self,
        code: &str,
        first: &FirstAdministrator,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let by = By::anybody(from);
        let name = self.0.settings.key.digest("set-up", CODE);
        self.admit(&name, from).await?;
        let _lock = self.0.set_up.lock().await;
        let now = self.now();
        let kept: Option<KeptCode> = self.0.kept.get(kind::SET_UP, CODE).await?;
        let empty = self.0.kept.count(kind::ACCOUNT).await? == 0;
        let good =
            kept.is_some_and(|kept| now < kept.until && same(&kept.hash, &sha256(plain(code).as_bytes())));
        if !good || !empty {
            self.note(&by, None, What::SetUpCodeRefused).await?;
            return Err(Error::WrongCode);
        }
        // Nobody guesses on: what follows may be mistyped as often as it is.
        self.0.throttle.clear(&name);
        let id = AccountId::fresh(self.0.context.ids());
        let home = Tenant::default_tenant();
        let mut record =
            AccountRecord::new(id.clone(), AccountKind::Official, home.clone(), &first.name, now);
        record.email = Some(Address { text: first.email.text().to_owned(), verified: None });
        let mut tenants = vec![home];
        tenants.extend(first.tenants.iter().filter(|tenant| !tenant.is_default()).cloned());
        let role = |tenant| Role { tenant, code: ADMINISTRATOR.to_owned(), unit: None, days: Days::ALWAYS };
        record.roles = tenants.into_iter().map(role).collect();
        record.check()?;
        let password = self.new_password(&first.password, &record).await?;
        let secrets = Secrets { password: Some(password), ..Secrets::default() };
        self.create(&record, &secrets, vec![delete(kind::SET_UP, CODE)]).await?;
        for what in [What::SetUpCodeUsed, What::AccountMade, What::PasswordSet] {
            self.note(&by, Some(&id), what).await?;
        }
        let shown = Shown { means: Means::SetUpCode, password: true, strong: false };
        self.open_session(&id, shown, from).await
    }
}
