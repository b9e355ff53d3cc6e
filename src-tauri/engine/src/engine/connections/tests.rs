use super::*;
use crate::engine::EngineConfig;
use crate::model::secret::ExposeSecret;
use crate::system::keychain::in_memory;

/// What the keychain has of a connection: the secret, and pieces of a token.
fn kept(id: &str) -> Vec<String> {
    let pieces = (0..12).map(|number| format!("{id}/token/{number}"));
    [id.to_owned()].into_iter().chain(pieces).filter(|user| in_memory::has(user)).collect()
}

fn engine() -> (Engine, tempfile::TempDir) {
    in_memory::begin();
    let folder = tempfile::tempdir().unwrap();
    let config = EngineConfig { folder: folder.path().to_owned(), patience: None };
    (Engine::open(&config).unwrap(), folder)
}

fn form(id: Option<String>, token_bytes: usize) -> ConnectionForm {
    ConnectionForm {
        id,
        name: "Studio".into(),
        preset: "aws".into(),
        endpoint: None,
        region: "us-east-1".into(),
        path_style: false,
        sign: Sign::Keys { access_key_id: "AKIA".into() },
        role: None,
        secret_access_key: Some("secret".into()),
        session_token: Some("t".repeat(token_bytes).into()),
        bucket: None,
        prefix: String::new(),
        ca_bundle: None,
        proxy: Proxy::System,
        proxy_user: None,
        proxy_password: None,
        endpoint_options: EndpointOptions::default(),
        stored: Options::default(),
        if_exists: None,
        remember: true,
    }
}

/// One that has its secret, and a token of four pieces, in the keychain.
async fn saved(engine: &Engine) -> String {
    let id = engine.save_connection(form(None, 3_500)).await.unwrap().id;
    assert_eq!(kept(&id).len(), 5);
    id
}

#[tokio::test]
async fn a_connection_that_needs_the_keychain_no_more_leaves_nothing_in_it() {
    let (engine, _folder) = engine();
    let changes: [fn(&mut ConnectionForm); 3] = [
        |form| form.remember = false,
        |form| form.sign = Sign::Profile { profile: "work".into() },
        |form| form.sign = Sign::Nothing,
    ];
    for change in changes {
        let id = saved(&engine).await;
        let mut changed = form(Some(id.clone()), 0);
        change(&mut changed);
        let connection = engine.save_connection(changed).await.unwrap();
        assert_ne!(connection.signed_in, SignedIn::Keychain);
        assert!(kept(&id).is_empty(), "{:?}: {:?}", connection.sign, kept(&id));
    }
}

#[tokio::test]
async fn a_shorter_token_leaves_no_piece_of_the_longer_one() {
    let (engine, _folder) = engine();
    let id = saved(&engine).await;
    engine.save_connection(form(Some(id.clone()), 500)).await.unwrap();
    assert_eq!(kept(&id), [id.clone(), format!("{id}/token/0")]);
}

#[tokio::test]
async fn a_secret_of_any_length_comes_back_as_it_was() {
    let (engine, _folder) = engine();
    for (key, token) in
        [("k".repeat(40), 0), ("k".repeat(1000), 1000), ("ключ🔑".repeat(900), 3_500)]
    {
        let form =
            ConnectionForm { secret_access_key: Some(key.clone().into()), ..form(None, token) };
        let id = engine.save_connection(form).await.unwrap().id;
        let secret = engine.shared.secrets.get(&id).await.unwrap().unwrap();
        assert_eq!(secret.secret_access_key.expose_secret(), key);
        let found = secret.session_token.map_or(0, |token| token.expose_secret().len());
        assert_eq!(found, token);
        engine.forget_connection(&id).await.unwrap();
        assert!(!in_memory::has(&format!("{id}/secret/1")) && kept(&id).is_empty());
    }
}

#[tokio::test]
async fn a_connection_that_is_forgotten_takes_every_piece_out_of_the_keychain() {
    let (engine, _folder) = engine();
    let id = saved(&engine).await;
    // as an earlier version left it: a gap, and a connection that is said to have nothing in there
    in_memory::remove(&format!("{id}/token/1"));
    let connection = engine.shared.settings.connection(&id).unwrap();
    let connection = Connection { signed_in: SignedIn::Session, ..connection };
    engine.shared.settings.set_connection(connection).unwrap();
    engine.forget_connection(&id).await.unwrap();
    assert!(kept(&id).is_empty(), "{:?}", kept(&id));
    assert!(engine.connections().is_empty());
}

#[tokio::test]
async fn a_connection_that_cannot_be_saved_leaves_no_secret_behind() {
    let (engine, folder) = engine();
    let unsigned = ConnectionForm { sign: Sign::Nothing, ..form(None, 0) };
    let id = engine.save_connection(unsigned).await.unwrap().id;
    // a folder in the place of the file that is written beside the settings
    std::fs::create_dir(folder.path().join("settings.next.json")).unwrap();
    let fault = engine.save_connection(form(Some(id.clone()), 3_500)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Storage);
    assert!(kept(&id).is_empty(), "{:?}", kept(&id));
}

fn through(url: &str, login: bool) -> Proxy {
    Proxy::Url { url: url.into(), login }
}

#[tokio::test]
async fn a_proxy_s_password_goes_to_the_keychain_and_nowhere_else() {
    let (engine, folder) = engine();
    let by = |id: Option<String>, proxy: Proxy| ConnectionForm { proxy, ..form(id, 0) };
    let in_address = by(None, through("http://ada:hush-hush@proxy.example:3128", false));
    assert!(!format!("{in_address:?}").contains("hush"));
    let saved = engine.save_connection(in_address).await.unwrap();
    assert_eq!(saved.proxy, through("http://proxy.example:3128", true));
    let (id, entry) = (saved.id.clone(), format!("{}/proxy", saved.id));
    assert!(in_memory::has(&entry));
    let login = engine.shared.secrets.proxy_login(&id).await.unwrap().unwrap();
    assert_eq!((&login.user[..], login.password.expose_secret()), ("ada", "hush-hush"));

    // saved again, with nothing typed, it stays; in fields of its own it is another
    engine.save_connection(by(Some(id.clone()), saved.proxy.clone())).await.unwrap();
    assert!(in_memory::has(&entry));
    let typed = ConnectionForm {
        proxy_user: Some("bob".into()),
        proxy_password: Some("hush-too".into()),
        ..by(Some(id.clone()), saved.proxy.clone())
    };
    assert!(!format!("{typed:?}").contains("hush"));
    engine.save_connection(typed).await.unwrap();
    let login = engine.shared.secrets.proxy_login(&id).await.unwrap().unwrap();
    assert_eq!((&login.user[..], login.password.expose_secret()), ("bob", "hush-too"));

    // another proxy is not told the password of this one
    let other = by(Some(id.clone()), through("http://other.example:3128", true));
    let fault = engine.save_connection(other).await.unwrap_err();
    assert!(matches!(fault.reason.get(), Some(Reason::ProxyNeedsLogin { .. })), "{fault}");

    let settings = std::fs::read_to_string(folder.path().join("settings.json")).unwrap();
    assert!(settings.contains("proxy.example:3128") && !settings.contains("hush"), "{settings}");
    let journal = std::fs::read(folder.path().join("journal.sqlite")).unwrap();
    assert!(!journal.windows(4).any(|bytes| bytes == b"hush"));

    engine.save_connection(by(Some(id.clone()), Proxy::Direct)).await.unwrap();
    assert!(!in_memory::has(&entry));
}

#[tokio::test]
async fn a_forgotten_connection_s_proxy_password_is_forgotten() {
    let (engine, _folder) = engine();
    let proxy = through("socks5://ada:hush@proxy.example", false);
    let id = engine.save_connection(ConnectionForm { proxy, ..form(None, 0) }).await.unwrap().id;
    assert!(in_memory::has(&format!("{id}/proxy")));
    engine.forget_connection(&id).await.unwrap();
    assert!(!in_memory::has(&format!("{id}/proxy")));
}

#[tokio::test]
async fn a_proxy_s_password_for_this_session_is_not_in_the_keychain() {
    let (engine, _folder) = engine();
    let proxy = through("http://ada:hush@proxy.example:3128", false);
    let once = ConnectionForm { proxy, remember: false, ..form(None, 0) };
    let id = engine.save_connection(once).await.unwrap().id;
    assert!(!in_memory::has(&format!("{id}/proxy")));
    assert!(engine.shared.secrets.proxy_login(&id).await.unwrap().is_some());
}

#[tokio::test]
async fn what_no_connection_can_have_is_refused_before_anything_is_saved() {
    let (engine, _folder) = engine();
    let no_proxy = ConnectionForm { proxy: through("socks4://a:hush@h", false), ..form(None, 0) };
    let fault = engine.save_connection(no_proxy).await.unwrap_err();
    assert!(matches!(fault.reason.get(), Some(Reason::NotAProxy { .. })), "{fault}");
    assert!(!format!("{fault:?}").contains("hush"));
    let endpoint_options = EndpointOptions { accelerate: true, ..EndpointOptions::default() };
    let endpoint = Some("https://s3.example.com".into());
    let elsewhere = ConnectionForm { endpoint, endpoint_options, ..form(None, 0) };
    let fault = engine.save_connection(elsewhere).await.unwrap_err();
    assert!(matches!(fault.reason.get(), Some(Reason::AmazonOnly { .. })), "{fault}");
    assert!(engine.connections().is_empty());
}
