//! Confirming an address: a code is sent there, and whoever reads it types it here.

use super::{By, Identity, Present};
use crate::Error;
use crate::domain::{AccountId, Handle, State};
use crate::entropy::fresh;
use crate::event::{Origin, What};
use crate::factor::plain;
use crate::text::base32;

/// A code that the caller sends to an address.
#[derive(Debug)]
pub struct AddressCode {
    /// Where to send it, and nowhere else.
    pub to: Handle,
    /// The code: eight letters and digits, as `ABCD-EFGH`. Good once and for half an hour.
    pub code: String,
}

/// An address that waits for its code.
pub(crate) struct Confirming {
    account: AccountId,
    to: Handle,
}

impl Identity {
    /// Makes a code for one of the account's own addresses, for the caller to send. Says nothing to the browser.
    pub async fn address_code(&self, present: &Present, to: &Handle) -> Result<AddressCode, Error> {
        let id = present.id();
        if !self.record(id).await?.handles().contains(to) {
            return Err(Error::NoSuch("address"));
        }
        let code = base32(&fresh::<5>(self.0.entropy.as_ref())?);
        let confirming = Confirming { account: id.clone(), to: to.clone() };
        self.0.confirming.keep(&ticket(id, &code), confirming, self.now());
        let (front, back) = code.split_at_checked(4).unwrap_or((&code, ""));
        Ok(AddressCode { to: to.clone(), code: format!("{front}-{back}") })
    }

    /// Confirms the address that the code was sent to. Five wrong codes are followed by waiting, as with passwords.
    pub async fn address_confirm(
        &self,
        present: &Present,
        code: &str,
        from: &Origin,
    ) -> Result<Handle, Error> {
        let (id, now) = (present.id(), self.now());
        let name = self.0.settings.key.digest("address", id.as_str());
        let admitted = self.admit(&name, from).await?;
        let confirming = self.0.confirming.take(&ticket(id, &plain(code)), now);
        let confirming = confirming.filter(|one| one.account == *id).ok_or(Error::WrongCode)?;
        self.forgive(id, &name, &admitted);
        self.edit(id, &By::holder(id, from), |draft| {
            if draft.record.state != State::Active {
                return Err(Error::NotActive);
            }
            let (slot, member) = match confirming.to {
                Handle::Email(_) => (&mut draft.record.email, "email"),
                Handle::Phone(_) => (&mut draft.record.phone, "phone"),
            };
            // It may have been changed since the code was sent.
            let address = slot.as_mut().filter(|address| address.text == confirming.to.text());
            address.ok_or(Error::Expired)?.verified = Some(now);
            draft.events.push(What::AccountChanged { members: vec![member.to_owned()] });
            Ok(())
        })
        .await?;
        Ok(confirming.to)
    }
}

/// The name under which a code waits: it is short, and good for one account only.
fn ticket(id: &AccountId, code: &str) -> String {
    format!("{id} {code}")
}
