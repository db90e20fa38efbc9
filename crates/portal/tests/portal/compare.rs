use dinh_e2e::PortalMood;
use dinh_portal::Error;

use crate::house::{House, hue};

#[tokio::test]
async fn a_day_is_compared_and_what_differs_is_told_again() {
    let house = House::open().await;
    let dossiers = [house.received().await, house.received().await, house.received().await];
    house.told().await;
    let numbers: Vec<String> = dossiers.iter().map(|one| one.number.clone().unwrap()).collect();
    house.there.change(&numbers[0], None);
    house.there.change(&numbers[1], Some("9"));
    let late = house.received().await;
    let day = "2026-11-23".parse().unwrap();
    let who = house.administrator();
    house.mark().await;
    let found = house.portal.reconcile(&who, day).await.unwrap();
    assert_eq!((found.ours, found.theirs, found.same, found.waiting, found.differing), (4, 2, 1, 1, 2));
    let differ =
        |number: &String| found.differences.iter().find(|one| one.number == *number).unwrap().theirs.clone();
    assert_eq!((differ(&numbers[0]), differ(&numbers[1])), (None, Some("9".to_owned())));
    assert_eq!(house.portal.mend_day(&who, day).await.unwrap(), 2);
    house.told().await;
    let found = house.portal.reconcile(&who, day).await.unwrap();
    assert_eq!((found.ours, found.same, found.differing), (4, 4, 0), "{found:?}");
    assert_eq!(house.there.dossiers()[&numbers[0]].steps.len(), 2, "all steps of what was gone");
    assert_eq!(house.there.wrong(), Vec::<String>::new());
    assert_eq!(house.portal.days(&hue()).await.unwrap(), vec![found]);
    drop(late);
}

#[tokio::test]
async fn a_day_that_could_not_be_compared_says_so() {
    let house = House::open().await;
    house.received().await;
    house.there.set(PortalMood::Away);
    let who = house.administrator();
    let day = "2026-11-23".parse().unwrap();
    assert!(matches!(house.portal.reconcile(&who, day).await, Err(Error::Silent(_))));
    let days = house.portal.days(&hue()).await.unwrap();
    assert!(days[0].fault.as_ref().is_some_and(|why| why.contains("503")), "{days:?}");
    for day in ["2026-11-24", "2024-01-01"] {
        assert!(matches!(house.portal.reconcile(&who, day.parse().unwrap()).await, Err(Error::Day)));
    }
}
