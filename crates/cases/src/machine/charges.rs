//! What a case costs: by the rates and reductions of a day, or as it was fixed.

use dinh_calendar::official_day;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::clocks;

use crate::{
    Actor, Answer, Case, Charge, ExprFault, Fee, Kind, Off, Proof, Reduction, Refused, Scope, StepTaken,
};

/// Name of the step by which a card proves something.
const PROVE: &str = "prove";
/// The fact that says that what a case costs was paid. From then on nothing about it changes.
const PAID: &str = "paid";

impl Kind {
    /// What a case costs by what was filed ([`Scope::of_filing`]), fee by fee, with what each stands on and what was taken
    /// off; also what is free. The day of the scope decides.
    ///
    /// # Errors
    /// The fault of an amount that cannot be computed.
    pub fn charges(&self, filed: &Scope) -> Result<Vec<Charge>, ExprFault> {
        self.charges_with(filed, &[])
    }

    /// The same for whoever has proved something by a card.
    ///
    /// # Errors
    /// As [`Kind::charges`].
    pub fn charges_with(&self, filed: &Scope, proofs: &[Proof]) -> Result<Vec<Charge>, ExprFault> {
        let mut charges = Vec::new();
        for fee in &self.fees {
            // Of what is free it does not matter how many there are, and often nobody said.
            let is_free = fee.free_if.as_ref().is_some_and(|free| free.is_true(filed));
            let count = fee.times.as_ref().map_or(Ok(1), |times| times.count(filed));
            let times = if is_free { count.unwrap_or(0) } else { count? };
            if times > 0 {
                charges.push(self.charge(fee, (times, is_free), filed, proofs));
            }
        }
        Ok(charges)
    }

    fn charge(&self, fee: &Fee, (times, is_free): (u64, bool), filed: &Scope, proofs: &[Proof]) -> Charge {
        let day = filed.0.get("today").and_then(Json::as_str).and_then(|day| day.parse::<Date>().ok());
        let rate = day.and_then(|day| self.tariff.rate(&self.code, &fee.code, day));
        let each = rate.map_or(fee.amount, |rate| rate.amount);
        let basis = rate.map_or(&fee.basis, |rate| &rate.basis).clone();
        let whole = each.saturating_mul(times);
        let proved = |one: &Reduction| one.proved_by.as_ref().and_then(|asked| asked.met_by(proofs));
        let holds = |one: &&Reduction| {
            day.is_some_and(|day| one.holds_on(day))
                && one.is_about(&self.code, &fee.code)
                && one.when.as_ref().is_none_or(|when| when.is_true(filed))
                && (one.proved_by.is_none() || proved(one).is_some())
        };
        let best = self.tariff.reductions.iter().filter(holds).max_by_key(|one| one.percent);
        let off = if is_free {
            // What somebody says of themselves an official looks up, unless a card proves it.
            let proved = best.filter(|one| one.percent >= 100).and_then(proved);
            Some(Off { reduction: None, amount: whole, basis: fee.basis.clone(), proved })
        } else {
            best.map(|one| {
                let (reduction, basis) = (Some(one.code.clone()), one.basis.clone());
                Off { reduction, amount: one.of(whole), basis, proved: proved(one) }
            })
        };
        let amount = whole.saturating_sub(off.as_ref().map_or(0, |off| off.amount));
        Charge { fee: fee.code.clone(), each, times, basis, off, amount }
    }

    /// What a case costs: as it was fixed, and for one that is older than that, by what was filed.
    ///
    /// # Errors
    /// The fault of an amount that cannot be computed.
    pub fn charges_of(&self, case: &Case) -> Result<Vec<Charge>, ExprFault> {
        match &case.charges {
            Some(charges) => Ok(charges.clone()),
            None => {
                self.charges_with(&Scope::of_filing(&case.answers, case.channel, case.opened), &case.proofs)
            }
        }
    }

    /// What a card could still take off: reductions of this kind that hold on the day that decides, for what has a fee.
    pub fn provable(&self, case: &Case) -> Vec<&Reduction> {
        if case.ended.is_some() || case.facts.contains_key(PAID) {
            return Vec::new();
        }
        let day = official_day(case.received.unwrap_or(case.opened));
        let charges = self.charges_of(case).unwrap_or_default();
        let open = |one: &Reduction| {
            let mut owed = charges.iter().filter(|charge| charge.amount > 0);
            owed.any(|charge| one.is_about(&self.code, &charge.fee))
        };
        let all = self.tariff.reductions.iter().filter(|one| one.holds_on(day));
        all.filter(|one| one.proved_by.is_some() && open(one)).collect()
    }

    /// Enters what a card has proved of whoever applies, and what the case costs with it. Which card, what it says and when
    /// is kept with the case; the step says that it was shown.
    ///
    /// # Errors
    /// [`Refused::State`] for a case that has ended or was paid, or on which nothing could be taken off;
    /// [`Refused::Proof`] for a card that proves nothing that counts here; [`Refused::Full`], [`Refused::Backwards`].
    pub fn prove(
        &self,
        case: &Case,
        proof: Proof,
        (actor, role): (&Actor, &str),
        at: Timestamp,
    ) -> Result<Case, Refused> {
        let provable = self.provable(case);
        if provable.is_empty() {
            return Err(Refused::State { action: PROVE.to_owned(), state: case.state.clone() });
        }
        let proves = |one: &&Reduction| {
            one.proved_by.as_ref().is_some_and(|asked| asked.met_by(std::slice::from_ref(&proof)).is_some())
        };
        let Some(by) = provable.into_iter().find(proves).map(|one| one.code.clone()) else {
            return Err(Refused::Proof);
        };
        if case.steps.len() >= Case::MOST_STEPS {
            return Err(Refused::Full);
        }
        clocks::in_order(case, at)?;
        let mut case = case.clone();
        case.proofs.push(proof);
        let decides = case.received.unwrap_or(case.opened);
        self.fix_charges(&mut case, decides);
        case.steps.push(StepTaken {
            action: PROVE.to_owned(),
            at,
            by: actor.account.clone(),
            unit: actor.unit.clone(),
            role: role.to_owned(),
            state: case.state.clone(),
            asked: [("reduction".to_owned(), Answer::Text(format!("urn:reduction:{by}")))].into(),
            late: false,
        });
        Ok(case)
    }

    /// Fixes what a case costs on a day: that of its filing first, then that of its receipt, which decides unless it was
    /// paid by then.
    pub(super) fn fix_charges(&self, case: &mut Case, at: Timestamp) {
        if self.fees.is_empty() || case.facts.contains_key(PAID) {
            return;
        }
        // What cannot be computed stays open: conditions that ask for it are not true.
        let filed = Scope::of_filing(&case.answers, case.channel, at);
        case.charges = self.charges_with(&filed, &case.proofs).ok();
    }
}
