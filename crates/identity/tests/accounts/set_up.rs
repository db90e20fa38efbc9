//! The first administrator.

use dinh_access::Principal;
use dinh_identity::{Error, FirstAdministrator, What};
use dinh_model::Tenant;

use crate::house::{DAY, House, PASSWORD, email, here, hue};

fn first() -> FirstAdministrator {
    FirstAdministrator {
        name: "Trần Thị Bình".to_owned(),
        email: email("binh@hue.gov.vn"),
        password: PASSWORD.to_owned(),
        tenants: vec![hue()],
    }
}

#[tokio::test]
async fn the_code_makes_one_administrator_once() {
    let house = House::new().await;
    assert!(house.identity.awaits_set_up().await.unwrap());
    let void = house.identity.set_up_code().await.unwrap().unwrap();
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    let refused = house.identity.set_up(&void, &first(), &here()).await;
    assert!(matches!(refused, Err(Error::WrongCode)), "an earlier code is void: {refused:?}");
    let weak = FirstAdministrator { password: "matkhau123456".to_owned(), ..first() };
    assert!(matches!(house.identity.set_up(&code, &weak, &here()).await, Err(Error::Weak(_))));
    let signed_in = house.identity.set_up(&code.to_lowercase(), &first(), &here()).await.unwrap();
    for tenant in [hue(), Tenant::default_tenant()] {
        let present = house.identity.session(&signed_in.token, &tenant).await.unwrap().unwrap();
        let Principal::Account(account) = present.principal() else { panic!("not an account") };
        assert!(account.roles.contains("administrator"));
    }
    let again = house.identity.set_up(&code, &first(), &here()).await;
    assert!(matches!(again, Err(Error::WrongCode)), "{again:?}");
    assert_eq!(house.identity.set_up_code().await.unwrap(), None);
    let happened = house.happened();
    assert_eq!(happened[..3], [What::SetUpCodeMade, What::SetUpCodeMade, What::SetUpCodeRefused]);
    assert_eq!(happened[3..6], [What::SetUpCodeUsed, What::AccountMade, What::PasswordSet]);
}

#[tokio::test]
async fn the_code_is_good_for_a_day_and_cannot_be_guessed_at_leisure() {
    let house = House::new().await;
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    let mut refused = 0;
    for _ in 0..10 {
        match house.identity.set_up("AAAA-AAAA", &first(), &here()).await {
            Err(Error::WrongCode) => refused += 1,
            Err(Error::TooSoon { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 6);
    house.pass(DAY);
    assert!(matches!(house.identity.set_up(&code, &first(), &here()).await, Err(Error::WrongCode)));
    // The next start says another.
    let house = house.restart().await;
    let code = house.identity.set_up_code().await.unwrap().unwrap();
    house.identity.set_up(&code, &first(), &here()).await.unwrap();
}
