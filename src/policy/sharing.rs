//! Hosts whose links open somebody's document, meeting or group, or carry a
//! secret in their path.
//!
//! Hosts that publish to everyone (`pastebin.com`, `raw.githubusercontent.com`,
//! `cdn.discordapp.com`, `mediafire.com`) are not among them: malware is
//! fetched from there, and what stands there is public.

use super::HoldReason::{self, SharingHost, Token};
use super::parts::Parts;

/// A host with the names under it, the starts of path that are personal (an
/// empty list: any path but the root), and what the link is.
struct Row {
    host: &'static str,
    paths: &'static [&'static str],
    reason: HoldReason,
    what: &'static str,
}

const fn row(
    host: &'static str,
    paths: &'static [&'static str],
    what: &'static str,
) -> Row {
    Row { host, paths, reason: SharingHost, what }
}

const fn key(
    host: &'static str,
    paths: &'static [&'static str],
    what: &'static str,
) -> Row {
    Row { host, paths, reason: Token, what }
}

/// Sorted by host. Collected from the vendors' own help pages on sharing;
/// paths in lower case.
#[rustfmt::skip]
const HOSTS: &[Row] = &[
    row("1drv.com", &[], "OneDrive file"),
    row("1drv.ms", &[], "OneDrive share"),
    row("1ty.me", &[], "one-time note"),
    row("acrobat.adobe.com", &["/id/", "/link/"], "Adobe document"),
    row("adobesign.com", &["/public/", "/account/"], "agreement to sign"),
    row("airtable.com", &["/app", "/shr", "/inv"], "Airtable base"),
    row("amazon.com", &["/clouddrive/", "/photos/"], "Amazon share"),
    row("app.asana.com", &["/0/", "/1/"], "Asana task"),
    row("app.box.com", &["/s/", "/v/", "/file/", "/folder/", "/notes/"], "Box share"),
    row("app.hellosign.com", &["/t/", "/s/", "/sign/"], "agreement to sign"),
    row("app.pandadoc.com", &[], "agreement to sign"),
    row("app.powerbi.com", &[], "Power BI report"),
    row("app.slack.com", &["/client/", "/t/", "/files/"], "Slack workspace"),
    row("atlassian.net", &["/wiki/", "/browse/", "/jira/", "/servicedesk/", "/secure/"], "Atlassian workspace"),
    row("bluejeans.com", &[], "meeting"),
    row("box.com", &["/s/", "/v/", "/file/", "/folder/", "/shared/"], "Box share"),
    row("calendar.app.google", &[], "calendar invitation"),
    row("calendar.google.com", &["/calendar/"], "Google calendar"),
    row("canva.com", &["/design/"], "Canva design"),
    row("chat.google.com", &[], "Google chat"),
    row("chat.whatsapp.com", &[], "WhatsApp group invitation"),
    row("checkout.stripe.com", &[], "payment page"),
    row("chime.aws", &[], "meeting"),
    row("clickup.com", &[], "ClickUp document"),
    row("cloud.mail.ru", &["/public/"], "Mail.ru share"),
    row("cloud.microsoft", &[], "Microsoft 365 document"),
    row("coda.io", &["/d/"], "Coda document"),
    row("console.aws.amazon.com", &[], "cloud console"),
    row("db.tt", &[], "Dropbox share"),
    row("discord.com", &["/invite/", "/channels/"], "Discord invitation"),
    key("discord.com", &["/api/webhooks/"], "Discord webhook"),
    row("discord.gg", &[], "Discord invitation"),
    key("discordapp.com", &["/api/webhooks/"], "Discord webhook"),
    row("disk.yandex.com", &["/d/", "/i/"], "Yandex share"),
    row("disk.yandex.ru", &["/d/", "/i/"], "Yandex share"),
    row("docs.google.com", &["/document/", "/spreadsheets/", "/presentation/", "/forms/", "/file/", "/drawings/", "/a/", "/uc", "/viewer", "/open"], "Google document"),
    row("docsend.com", &["/view/", "/v/"], "DocSend document"),
    row("documentcloud.adobe.com", &[], "Adobe document"),
    row("docusign.com", &["/signing/", "/member/", "/documents/"], "agreement to sign"),
    row("docusign.net", &[], "agreement to sign"),
    row("drive.google.com", &["/file/", "/open", "/uc", "/drive/", "/folderview", "/a/", "/folders/"], "Google Drive file"),
    row("drive.proton.me", &["/urls/"], "Proton Drive share"),
    row("drive.usercontent.google.com", &[], "Google Drive file"),
    row("dropbox.com", &["/s/", "/scl/", "/sh/", "/t/", "/l/", "/request/", "/transfer/", "/u/", "/home/", "/paper/"], "Dropbox share"),
    row("dropboxusercontent.com", &[], "Dropbox file"),
    row("echosign.com", &[], "agreement to sign"),
    row("egnyte.com", &["/dl/", "/fl/", "/app/"], "Egnyte share"),
    row("evernote.com", &["/shard/", "/l/"], "Evernote note"),
    row("facetime.apple.com", &["/join"], "FaceTime invitation"),
    row("figma.com", &["/file/", "/design/", "/proto/", "/board/", "/slides/"], "Figma file"),
    row("file.force.com", &[], "Salesforce file"),
    row("files.slack.com", &[], "Slack file"),
    row("forms.gle", &[], "Google form"),
    row("forms.office.com", &[], "Microsoft form"),
    row("fromsmash.com", &[], "file transfer"),
    row("gotomeeting.com", &["/join/"], "meeting"),
    row("gotowebinar.com", &["/join/", "/register/"], "meeting"),
    row("hackmd.io", &["/@", "/s/"], "HackMD note"),
    row("hightail.com", &["/receive/", "/download/"], "file transfer"),
    key("hooks.slack.com", &["/services/", "/workflows/", "/triggers/"], "Slack webhook"),
    key("hooks.zapier.com", &["/hooks/"], "Zapier webhook"),
    row("icloud.com", &["/iclouddrive/", "/photos/", "/notes/", "/pages/", "/numbers/", "/keynote/", "/sharedalbum/", "/attachment/", "/reminders/"], "iCloud share"),
    row("invite.slack.com", &[], "Slack invitation"),
    row("invoice.stripe.com", &[], "invoice"),
    row("join.skype.com", &[], "Skype invitation"),
    row("join.slack.com", &[], "Slack invitation"),
    row("linear.app", &[], "Linear workspace"),
    row("lookerstudio.google.com", &[], "Google report"),
    row("loom.com", &["/share/", "/i/"], "Loom video"),
    row("lucid.app", &[], "Lucid document"),
    key("maker.ifttt.com", &["/trigger/", "/use/"], "IFTTT webhook"),
    row("meet.google.com", &[], "Google meeting"),
    row("meet.goto.com", &[], "meeting"),
    row("meet.jit.si", &[], "meeting"),
    row("mega.co.nz", &[], "MEGA share"),
    row("mega.nz", &["/file/", "/folder/", "/embed/"], "MEGA share"),
    row("mimecast.com", &["/s/"], "link of a mail gateway, which names the recipient"),
    row("miro.com", &["/app/", "/welcomeonboard/"], "Miro board"),
    row("monday.com", &["/boards/", "/docs/"], "monday.com board"),
    row("mural.co", &["/t/", "/invitation/"], "Mural board"),
    row("my.salesforce.com", &["/sfc/"], "Salesforce file"),
    row("notion.site", &[], "Notion page"),
    row("notion.so", &[], "Notion page"),
    row("office.com", &["/r/", "/e/", "/pages/", "/launch/"], "Microsoft 365 document"),
    row("officeapps.live.com", &["/we/", "/wv/", "/op/"], "Microsoft 365 document"),
    row("onedrive.com", &[], "OneDrive share"),
    row("onedrive.live.com", &[], "OneDrive share"),
    row("onetimesecret.com", &["/secret/"], "one-time note"),
    key("outlook.office.com", &["/webhook/"], "Teams webhook"),
    row("outlook.office.com", &["/owa/", "/calendar/", "/mail/", "/bookwithme/"], "mailbox or calendar"),
    row("outlook.office365.com", &["/owa/", "/calendar/", "/mail/"], "mailbox or calendar"),
    row("pan.baidu.com", &["/s/"], "Baidu share"),
    row("pcloud.link", &[], "pCloud share"),
    row("photos.app.goo.gl", &[], "photo album"),
    row("photos.google.com", &["/share/", "/album/"], "photo album"),
    row("privnote.com", &[], "one-time note"),
    key("protection.outlook.com", &[], "link of a mail gateway, which names the recipient"),
    row("pwpush.com", &["/p/"], "one-time note"),
    row("quip.com", &[], "Quip document"),
    row("rightsignature.com", &["/s/"], "agreement to sign"),
    row("send.bitwarden.com", &[], "one-time note"),
    key("sendgrid.net", &["/ls/click", "/wf/click", "/wf/open"], "mail tracking link, which names the recipient"),
    row("share.icloud.com", &[], "iCloud share"),
    row("sharefile.com", &["/d-", "/share/", "/r-", "/d/", "/home/"], "ShareFile share"),
    row("sharepoint.cn", &[], "SharePoint document"),
    row("sharepoint.com", &[], "SharePoint document"),
    row("sharepoint.us", &[], "SharePoint document"),
    row("signal.group", &[], "Signal group invitation"),
    row("signnow.com", &["/s/", "/html/"], "agreement to sign"),
    row("slack.com", &["/archives/", "/files/", "/files-pri/", "/messages/"], "Slack workspace"),
    row("smartsheet.com", &["/b/", "/sheets/"], "Smartsheet"),
    row("swisstransfer.com", &["/d/"], "file transfer"),
    row("sync.com", &["/dl/"], "Sync share"),
    row("t.me", &["/+", "/joinchat/"], "Telegram group invitation"),
    row("teams.live.com", &[], "Teams meeting"),
    row("teams.microsoft.com", &[], "Teams meeting"),
    row("telegram.me", &["/+", "/joinchat/"], "Telegram group invitation"),
    row("transfernow.net", &["/dl/", "/en/", "/d/"], "file transfer"),
    row("trello.com", &["/b/", "/c/", "/invite/", "/1/"], "Trello board"),
    row("tresorit.com", &["/l/"], "Tresorit share"),
    key("urldefense.com", &[], "link of a mail gateway, which names the recipient"),
    key("urldefense.proofpoint.com", &[], "link of a mail gateway, which names the recipient"),
    row("we.tl", &[], "file transfer"),
    row("webex.com", &["/meet/", "/join/", "/j.php", "/webappng/", "/wbxmjs/"], "Webex meeting"),
    key("webhook.office.com", &[], "Teams webhook"),
    row("wetransfer.com", &["/downloads/"], "file transfer"),
    row("whereby.com", &[], "meeting"),
    row("workdrive.zoho.com", &[], "Zoho share"),
    row("workdrive.zohoexternal.com", &[], "Zoho share"),
    row("yadi.sk", &["/d/", "/i/"], "Yandex share"),
    row("zoho.com", &["/file/", "/folder/"], "Zoho share"),
    row("zoom.us", &["/j/", "/my/", "/s/", "/w/", "/rec/", "/meeting/", "/wc/"], "Zoom meeting"),
    row("zoomgov.com", &["/j/", "/rec/"], "Zoom meeting"),
];

/// What the link is, when its host shares things by link.
pub(super) fn shared(parts: Parts<'_>) -> Option<(HoldReason, String)> {
    let lower = parts.path.to_ascii_lowercase();
    let is_root = lower.trim_matches('/').is_empty() && parts.query.is_empty();
    let listed = rows(parts.host).find(|row| {
        if row.paths.is_empty() {
            !is_root
        } else {
            row.paths.iter().any(|start| starts(&lower, start))
        }
    });
    if let Some(row) = listed {
        let text = format!("{} ({})", row.what, row.host);
        return Some((row.reason, text));
    }
    self_hosted(parts)
        .map(|what| (SharingHost, format!("{what} (its form of link)")))
}

/// The rows of the host and of the names above it.
fn rows(host: &str) -> impl Iterator<Item = &'static Row> {
    let dots = memchr::memchr_iter(b'.', host.as_bytes()).map(|at| at + 1);
    std::iter::once(0).chain(dots).flat_map(|start| {
        let name = &host[start..];
        let from = HOSTS.partition_point(|row| row.host < name);
        HOSTS[from..].iter().take_while(move |row| row.host == name)
    })
}

/// Whether `path` starts with `start`, at most one segment of it skipped:
/// `/team/s/…`, `/u/0/…`.
fn starts(path: &str, start: &str) -> bool {
    let after = |path: &str| path[1..].find('/').map(|at| at + 1);
    path.starts_with(start)
        || path.starts_with('/')
            && after(path).is_some_and(|at| path[at..].starts_with(start))
}

/// Shares whose links have a form of their own on any host.
fn self_hosted(parts: Parts<'_>) -> Option<&'static str> {
    let path = parts.path.strip_prefix("/index.php").unwrap_or(parts.path);
    let id = |start| path.strip_prefix(start)?.split('/').next();
    // Nextcloud and ownCloud: 15 letters and digits; Synology: 9.
    if id("/s/").is_some_and(|id| is_id(id, 15)) {
        return Some("Nextcloud share");
    }
    let synology = id("/sharing/").is_some_and(|id| is_id(id, 9));
    synology.then_some("Synology share")
}

/// Whether `id` is so many letters and digits, with letters of both cases.
fn is_id(id: &str, len: usize) -> bool {
    let has = |test: fn(&u8) -> bool| id.as_bytes().iter().any(test);
    id.len() == len
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_sorted_and_paths_are_lower_case() {
        assert!(HOSTS.is_sorted_by_key(|row| row.host));
        for path in HOSTS.iter().flat_map(|row| row.paths) {
            assert!(path.starts_with('/'), "{path}");
            assert_eq!(*path, path.to_ascii_lowercase());
        }
    }
}
