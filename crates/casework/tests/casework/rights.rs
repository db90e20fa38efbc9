use dinh_casework::Error;
use dinh_context::graph::{Act, What};

use crate::house::{House, hue};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_filed_sees_it_and_strangers_do_not() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    let own = house.casework.show(&house.citizen("an"), &filed.id).await.unwrap();
    assert!(own.own && own.dossier.case.is_some());
    assert_eq!(own.dossier.applicant.map(|one| one.name).as_deref(), Some("Trần Thị An"));
    let codes: Vec<&str> = own.actions.iter().map(|action| action.code.as_str()).collect();
    assert_eq!(codes, ["withdraw"]);
    for session in [house.citizen("binh"), house.official("h2", "officer", "Unit:phuong-2")] {
        let hidden = house.casework.show(&session, &filed.id).await;
        assert!(matches!(hidden, Err(Error::NoSuch(_))), "{hidden:?}");
        let refused = house.act(&session, &filed, "withdraw", &[]).await;
        assert!(matches!(refused, Err(Error::NoSuch(_))), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_official_who_opens_a_dossier_leaves_a_note() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    let shown = house.casework.show(&house.clerk(), &filed.id).await.unwrap();
    assert!(shown.dossier.case.is_some() && !shown.own);
    let noted = house.audit(3).await.into_iter().any(|entry| {
        matches!(entry.what, What::Noted(note) if note.act == Act::Reveal && note.entities.contains(&filed.id))
    });
    assert!(noted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_writes_a_dossier_as_an_entity() {
    let house = House::open().await;
    let filed = house.filed("an").await.dossier;
    let names = dinh_context::fields::Names::default();
    let fields = dinh_context::fields::Fields::new(&names, dinh_model::Clock::now(&*house.clock));
    for session in [house.clerk(), house.leader(), house.citizen("an")] {
        let written = session.mutate(filed.id.clone(), fields.clone().with("state", "done").change()).await;
        assert!(written.is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_is_followed_by_number_and_secret() {
    let house = House::open().await;
    let filed = house.filed("an").await;
    let dossier = house.act(&house.clerk(), &filed.dossier, "accept", &[]).await.unwrap();
    let (number, secret) = (dossier.number.unwrap(), filed.secret.unwrap());
    let followed = house.casework.follow(&hue(), &number, &secret.to_lowercase()).await.unwrap().unwrap();
    assert_eq!((followed.state.as_str(), followed.steps.len()), ("received", 2));
    assert_eq!(house.casework.follow(&hue(), &number, "AAAAAAAAAA").await.unwrap(), None);
    assert_eq!(house.casework.follow(&hue(), "H57.20.01-261123-0002", &secret).await.unwrap(), None);
}
