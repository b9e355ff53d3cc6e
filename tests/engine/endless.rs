//! Servers whose listings never end: each is given up after a while, with a fault that says so.

use crate::fixture::Fixture;
use std::time::Duration;
use windlass_engine::{
    Adopt, Fault, IfExists, LookUnfinished, Reason, Unfinished, UnfinishedQuery,
};
use windlass_tests::{Act, Proxy, Server, When};

/// Above what any of these lists may take, far below for ever.
const LIMIT: Duration = Duration::from_secs(60);

async fn behind_proxy() -> (Fixture, Proxy) {
    let server = Server::practice().await;
    let proxy = Proxy::to(&server.endpoint);
    let fixture = Fixture::by_way_of(server, proxy.endpoint()).await;
    (fixture, proxy)
}

fn uploads(next: &str) -> Act {
    Act::Xml(format!(
        "<ListMultipartUploadsResult><Upload><Key>k{next}</Key><UploadId>u{next}</UploadId></Upload>\
         <IsTruncated>true</IsTruncated><NextKeyMarker>{next}</NextKeyMarker>\
         <NextUploadIdMarker>{next}</NextUploadIdMarker></ListMultipartUploadsResult>"
    ))
}

fn parts(next: &str) -> Act {
    Act::Xml(format!(
        "<ListPartsResult><IsTruncated>true</IsTruncated>\
         <NextPartNumberMarker>{next}</NextPartNumberMarker></ListPartsResult>"
    ))
}

async fn looked(fixture: &Fixture) -> Unfinished {
    let (connection, bucket) = ("test".into(), fixture.bucket.clone());
    let look = LookUnfinished { connection, bucket, prefix: String::new() };
    let id = fixture.engine.look_unfinished(look);
    let look = async {
        loop {
            let query = UnfinishedQuery { id, offset: 0, limit: 1_000 };
            let now = fixture.engine.unfinished(query).await.unwrap();
            if !now.running {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LIMIT, look).await.expect("the look does not end")
}

fn is_endless(fault: &Fault, proxy: &Proxy) -> bool {
    let place = proxy.endpoint().to_owned();
    fault.reason.get() == Some(&Reason::EndlessList { place })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_uploads_whose_pages_go_round_ends_with_a_fault() {
    let (fixture, proxy) = behind_proxy().await;
    let list = || When::method("GET").query_name("uploads");
    proxy.on(list().without_query("key-marker"), 1, uploads("a"));
    proxy.on(list().query("key-marker", "a"), usize::MAX, uploads("b"));
    proxy.on(list().query("key-marker", "b"), usize::MAX, uploads("a"));
    // their parts are of no interest here
    proxy.on(When::list_parts(), usize::MAX, Act::answer(403, "AccessDenied"));
    let found = looked(&fixture).await;
    assert!(is_endless(&found.fault.unwrap(), &proxy));
    assert_eq!(proxy.count(&list()), 3);
    assert!(found.count >= 2, "what was listed is shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_parts_that_never_ends_is_given_up_with_a_fault() {
    let (fixture, proxy) = behind_proxy().await;
    proxy.on(When::list_parts().without_query("part-number-marker"), 1, parts("1"));
    for page in 1..1_000 {
        let at = When::list_parts().query("part-number-marker", &page.to_string());
        proxy.on(at, 1, parts(&(page + 1).to_string()));
    }
    let path = fixture.file("film", 1, 20 << 20);
    let adopt = Adopt {
        connection: "test".into(),
        bucket: fixture.bucket.clone(),
        key: "film".into(),
        upload_id: "theirs".into(),
        path: path.display().to_string(),
        if_exists: IfExists::Ask,
        customer_key: None,
    };
    let asked = tokio::time::timeout(LIMIT, fixture.engine.adopt(adopt)).await;
    let fault = asked.expect("the list does not end").unwrap_err();
    assert!(is_endless(&fault, &proxy), "{fault:?}");
    assert!(proxy.count(&When::list_parts()) < 200);
}
