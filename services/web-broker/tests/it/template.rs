//! Templates: kept, found, used and thrown away within an organisation.

use chrono::TimeDelta;
use customs_kernel::{Role, problem};
use customs_web_broker_contract::{DeleteTemplate, ListTemplates, OpenTemplate, SaveTemplate, TemplateKind};

use crate::world::{CARRIER, DECLARANT, World, in_every_world, pointers, somebody};

fn goods(title: &str) -> SaveTemplate {
    SaveTemplate {
        kind: TemplateKind::Goods,
        title: title.to_owned(),
        content: r#"{"Commodity":{"descriptionOfGoods":"Tyres","GoodsMeasure":{"grossMass":1270.250}}}"#
            .to_owned(),
    }
}

fn listed(kind: Option<TemplateKind>, search: Option<&str>) -> ListTemplates {
    ListTemplates { kind, search: search.map(str::to_owned), first: None, after: None }
}

in_every_world! {
    async fn a_template_is_found_by_kind_and_by_a_part_of_its_title_in_any_case(world: &World) {
        let own = somebody(Role::Declarant, Some(DECLARANT));
        let tyres = world.ask(&own, goods("Шины для грузовиков")).await.unwrap();
        world.clock.advance(TimeDelta::seconds(1));
        let pads = world.ask(&own, goods("Brake pads")).await.unwrap();
        world.clock.advance(TimeDelta::seconds(1));
        let party = SaveTemplate { kind: TemplateKind::Party, ..goods("Chilonzor Auto Parts") };
        let party = world.ask(&own, party).await.unwrap();
        let found = async |kind, search| {
            let page = world.ask(&own, listed(kind, search)).await.unwrap();
            page.items.into_iter().map(|head| head.id).collect::<Vec<_>>()
        };
        assert_eq!(found(None, None).await, [party.id, pads.id, tyres.id]);
        assert_eq!(found(Some(TemplateKind::Goods), None).await, [pads.id, tyres.id]);
        assert_eq!(found(Some(TemplateKind::Goods), Some("ГРУЗОВ")).await, [tyres.id]);
        assert!(found(Some(TemplateKind::Party), Some("brake")).await.is_empty());
        let whole = world.ask(&own, OpenTemplate { id: tyres.id }).await.unwrap();
        assert_eq!((whole.head, whole.content), (tyres, goods("").content));
    }

    async fn a_template_is_nobody_elses(world: &World) {
        let own = somebody(Role::Declarant, Some(DECLARANT));
        let other = somebody(Role::Broker, Some(CARRIER));
        let id = world.ask(&own, goods("Tyres")).await.unwrap().id;
        assert!(world.ask(&other, OpenTemplate { id }).await.unwrap_err().is(problem::NOT_FOUND));
        assert!(world.ask(&other, DeleteTemplate { id }).await.unwrap_err().is(problem::NOT_FOUND));
        assert_eq!(world.ask(&other, listed(None, None)).await.unwrap().items, []);
        world.ask(&own, DeleteTemplate { id }).await.unwrap();
        assert!(world.ask(&own, OpenTemplate { id }).await.unwrap_err().is(problem::NOT_FOUND));
        assert_eq!(world.count("template_contents").await, 0);
    }

    async fn what_is_no_json_object_is_no_template(world: &World) {
        let own = somebody(Role::Declarant, Some(DECLARANT));
        let wrong = SaveTemplate { content: "[1]".to_owned(), ..goods("Tyres") };
        let refused = world.ask(&own, wrong).await.unwrap_err();
        assert_eq!(pointers(&refused), ["/content"]);
        let untitled = world.ask(&own, goods("")).await.unwrap_err();
        assert_eq!(pointers(&untitled)[..1], ["/title"]);
        assert_eq!(world.count("templates").await, 0);
    }
}
