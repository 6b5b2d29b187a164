//! The top-level labels as numbers, for look-ups at the speed of a scan.
//!
//! [`LISTS`] and [`BASES`] are generated from the public suffix list that the
//! `psl` crate carries: `cargo test --lib -- --ignored write_top_labels` prints
//! them anew, and a test compares them with the crate's. A-labels are left to
//! `psl`.

/// The depth of a label that is no suffix itself, though some below it are.
pub(crate) const BELOW: u8 = 9;

/// How deep the registries' rules below a label go, the bytes of the longest
/// first label of those with two, and the labels. The depth is 1 for a label that
/// is a suffix by itself, 2 for one with rules like `co.uk`.
static LISTS: [(u8, u8, &str); 27] = [
    (
        1,
        0,
        "aaa aarp abb abbott abbvie abc able abogado abudhabi academy \
         accenture accountant accountants aco actor ad ads adult aeg aetna \
         afl africa agakhan agency aig airbus airforce airtel akdn alibaba \
         alipay allfinanz allstate ally alsace alstom amazon americanexpress \
         americanfamily amex amfam amica amsterdam analytics android anquan \
         anz aol apartments app apple aq aquarelle arab aramco archi army \
         art arte asda asia associates athleta attorney auction audi audible \
         audio auspost author auto autos aws ax axa azure baby baidu banamex \
         band bank bar barcelona barclaycard barclays barefoot bargains \
         baseball basketball bauhaus bayern bbc bbt bbva bcg bcn beats \
         beauty beer berlin best bestbuy bet bharti bible bid bike bing \
         bingo bio biz black blackfriday blockbuster blog bloomberg blue bms \
         bmw bnpparibas boats boehringer bofa bom bond boo book booking \
         bosch bostik boston bot boutique box bradesco bridgestone broadway \
         broker brother brussels build builders business buy buzz bv bzh cab \
         cafe cal call calvinklein cam camera camp canon capetown capital \
         capitalone car caravan cards care career careers cars casa case \
         cash casino cat catering catholic cba cbn cbre cc center ceo cern \
         cf cfa cfd cg ch chanel channel charity chase chat cheap chintai \
         christmas chrome church cipriani circle cisco citadel citi citic \
         city claims cleaning click clinic clinique clothing cloud club \
         clubmed coach codes coffee college cologne com commbank community \
         company compare computer comsec condos construction consulting \
         contact contractors cooking cool coop corsica country coupon \
         coupons courses cpa credit creditcard creditunion cricket crown crs \
         cruise cruises cuisinella cymru cyou dad dance data date dating \
         datsun day dclk dds de deal dealer deals degree delivery dell \
         deloitte delta democrat dental dentist desi design dev dhl diamonds \
         diet digital direct directory discount discover dish diy dj dk dnp \
         docs doctor dog domains dot download drive dtv dubai dupont durban \
         dvag dvr earth eat eco edeka edu education email emerck energy \
         engineer engineering enterprises epson equipment ericsson erni esq \
         estate eu eurovision eus events exchange expert exposed express \
         extraspace fage fail fairwinds faith family fan fans farm farmers \
         fashion fast fedex feedback ferrari ferrero fidelity fido film \
         final finance financial fire firestone firmdale fish fishing fit \
         fitness flickr flights flir florist flowers fly fo foo food \
         football ford forex forsale forum foundation fox free fresenius frl \
         frogans frontier ftr fujitsu fun fund furniture futbol fyi ga gal \
         gallery gallo gallup game games gap garden gay gb gbiz gdn gea gent \
         genting george gf ggee gift gifts gives giving glass gle global \
         globo gm gmail gmbh gmo gmx godaddy gold goldpoint golf goodyear \
         goog google gop got gov gq grainger graphics gratis green gripe \
         grocery group gs gucci guge guide guitars guru gw hair hamburg \
         hangout haus hbo hdfc hdfcbank health healthcare help here hermes \
         hiphop hisamitsu hitachi hiv hkt hm hockey holdings holiday \
         homedepot homegoods homes homesense honda horse hospital host \
         hosting hot hotel hotels hotmail house how hsbc hughes hyatt \
         hyundai ibm icbc ice icu ieee ifm ikano imamat imdb immo immobilien \
         inc industries infiniti info ing ink institute insurance insure \
         international intuit investments ipiranga irish is ismaili ist \
         istanbul itau itv jaguar java jcb jeep jetzt jewelry jio jll jmp \
         jnj jobs joburg jot joy jpmorgan jprs juegos kaufen kddi \
         kerryhotels kerryproperties kfh kia kids kim kindle kitchen kiwi \
         koeln komatsu kosher kpmg kpn krd kred kuokgroup kyoto lacaixa \
         lamborghini lamer land landrover lanxess lasalle lat latino latrobe \
         law lawyer lds lease leclerc lefrak legal lego lexus lgbt li lidl \
         life lifeinsurance lifestyle lighting like lilly limited limo \
         lincoln link live living llc llp loan loans locker locus lol london \
         lotte lotto love lpl lplfinancial ltd ltda lu lundbeck luxe luxury \
         madrid maif maison makeup man management mango map market marketing \
         markets marriott marshalls mattel mba mckinsey md med media meet \
         melbourne meme memorial men menu merck merckmsd mh miami microsoft \
         mil mini mint mit mitsubishi mlb mls mma mobi mobile moda moe moi \
         mom monash money monster mormon mortgage moscow moto motorcycles \
         mov movie mp mq msd mtn mtr museum music nab nagoya name navy nba \
         ne nec net netbank netflix network neustar new news next nextdirect \
         nexus nfl ngo nhk nico nike nikon ninja nissan nissay nl nokia \
         norton now nowruz nowtv nra nrw ntt nu nyc obi observer office \
         okinawa olayan olayangroup ollo omega one ong onion onl online ooo \
         open oracle orange org organic origins osaka otsuka ott ovh page \
         panasonic paris pars partners parts party pay pccw pet pfizer \
         pharmacy phd philips phone photo photography photos physio pics \
         pictet pictures pid pin ping pink pioneer pizza place play \
         playstation plumbing plus pm pnc pohl poker politie porn post praxi \
         press prime prod productions prof progressive promo properties \
         property protection pru prudential pub pwc qpon quebec quest racing \
         radio read realestate realtor realty recipes red redumbrella rehab \
         reise reisen reit reliance ren rent rentals repair report \
         republican rest restaurant review reviews rexroth rich richardli \
         ricoh ril rio rip rocks rodeo rogers room rsvp ru rugby ruhr run \
         rwe ryukyu saarland safe safety sakura sale salon samsclub samsung \
         sandvik sandvikcoromant sanofi sap sarl sas save saxo sbi sbs scb \
         schaeffler schmidt scholarships school schule schwarz science scot \
         search seat secure security seek select sener services seven sew \
         sex sexy sfr shangrila sharp shell shia shiksha shoes shop shopping \
         shouji show si silk sina singles site sj ski skin sky skype sling \
         sm smart smile sncf soccer social softbank software sohu solar \
         solutions song sony soy spa space sport spot sr srl stada staples \
         star statebank statefarm stc stcgroup stockholm storage store \
         stream studio study style su sucks supplies supply support surf \
         surgery suzuki swatch swiss sydney systems tab taipei talk taobao \
         target tatamotors tatar tattoo tax taxi tc tci td tdk team tech \
         technology tel temasek tennis teva tf tg thd theater theatre tiaa \
         tickets tienda tips tires tirol tjmaxx tjx tk tkmaxx tmall today \
         tokyo tools top toray toshiba total tours town toyota toys trade \
         trading training travel travelers travelersinsurance trust trv tube \
         tui tunes tushu tv tvs ubank ubs unicom university uno uol ups va \
         vacations vana vanguard vegas ventures verisign versicherung vet \
         viajes video vig viking villas vin vip virgin visa vision viva vivo \
         vlaanderen vodka volvo vote voting voto voyage wales walmart walter \
         wang wanggou watch watches weather weatherchannel web webcam weber \
         website wed wedding weibo weir wf whoswho wien wiki williamhill win \
         windows wine winners wme woodside work works world wow wtc wtf xbox \
         xerox xihuan xin xxx xyz yachts yahoo yamaxun yandex yodobashi yoga \
         yokohama you youtube yt yun zappos zara zero zip zone zuerich",
    ),
    (2, 1, "bg"),
    (2, 2, "be ca cr int"),
    (
        2,
        3,
        "ac ae af ag ai al ao as aw ba bf bh bi bm bn bs bt bw by bz cd cl \
         cm cn co cu cw cx cz dm do es fm gd gg gh gi gl gn gr gt gy hk hn \
         ie io iq ir je kg kh kn kp kw ky kz lb lc lr lt ly mg mn mo mr ms \
         mt mu mx mz na pa pe pf ph pk pn ps pw rs sa sb sc sg sh sk sl so \
         ss sv sx sy sz th tl tm to ug uy uz vc vg vi vu ws ye zw",
    ),
    (
        2,
        4,
        "az bd ci cv dz ee et fj gp gu hr il jo ke ki la ls lv mc me mk mw \
         my nc ng ni nr pr pt py qa re rw sd sn tj tt tw zm",
    ),
    (2, 5, "bb ec eg fi ht lk ma nf ro tz"),
    (2, 6, "ar ge id ml mv om pro"),
    (2, 7, "am arpa cy tn"),
    (2, 8, "hu in ve"),
    (2, 9, "kr st"),
    (2, 10, "nz"),
    (2, 11, "bj km"),
    (2, 13, "bo"),
    (2, 15, "se ua"),
    (2, 16, "fr"),
    (2, 17, "vn"),
    (2, 21, "it"),
    (2, 22, "aero"),
    (3, 2, "at"),
    (3, 3, "im"),
    (3, 4, "au tr"),
    (3, 6, "uk"),
    (3, 9, "jp"),
    (3, 13, "br"),
    (3, 15, "no pl"),
    (4, 3, "us"),
    (9, 0, "ck er fk jm mm np pg za"),
];

/// What the rules with more than two labels end with.
static BASES: &str = "aa.no ac.at ah.no aichi.jp ak.us akershus.no akita.jp al.us aomori.jp \
     ar.us as.us az.us bu.no buskerud.no ca.us chiba.jp co.im co.us ct.us \
     dc.us de.us edu.au ehime.jp fl.us fm.no fukui.jp fukuoka.jp \
     fukushima.jp ga.us gifu.jp gov.au gov.br gov.pl gu.us gunma.jp \
     hedmark.no hi.us hiroshima.jp hl.no hm.no hokkaido.jp hordaland.no \
     hyogo.jp ia.us ibaraki.jp id.us il.us in.us ishikawa.jp iwate.jp \
     jan-mayen.no kagawa.jp kagoshima.jp kanagawa.jp kawasaki.jp \
     kitakyushu.jp kobe.jp kochi.jp ks.us kumamoto.jp ky.us kyoto.jp la.us \
     ma.us md.us me.us mi.us mie.jp miyagi.jp miyazaki.jp mn.us mo.us \
     more-og-romsdal.no mr.no ms.us mt.us nagano.jp nagasaki.jp nagoya.jp \
     nara.jp nc.tr nc.us ne.us nh.us niigata.jp nj.us nl.no nm.us nom.br \
     nordland.no nt.no nv.us ny.us of.no oh.us oita.jp ok.us okayama.jp \
     okinawa.jp ol.no or.us osaka.jp oslo.no ostfold.no pa.us pr.us ri.us \
     rl.no saga.jp saitama.jp sapporo.jp sc.us sch.uk sd.us sendai.jp sf.no \
     shiga.jp shimane.jp shizuoka.jp st.no svalbard.no telemark.no tm.no \
     tn.us tochigi.jp tokushima.jp tokyo.jp tottori.jp toyama.jp tr.no tx.us \
     ut.us va.no va.us vestfold.no vf.no vi.us vt.us wa.us wakayama.jp wi.us \
     wv.us wy.us yamagata.jp yamaguchi.jp yamanashi.jp yokohama.jp";

/// What is known of a top-level label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// The label of at most eight bytes, as a number ([`pack`]).
    pub(crate) label: u64,
    /// How many labels the deepest of its rules has.
    pub(crate) depth: u8,
    /// Bytes of the longest first label of those with two.
    pub(crate) longest: u8,
}

/// The labels of at most eight bytes.
pub(crate) static TOP: [Rules; count(false)] = {
    let none = Rules { label: 0, depth: 0, longest: 0 };
    let mut top = [none; count(false)];
    let mut at = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let (depth, longest, labels) = LISTS[list];
        let labels = labels.as_bytes();
        let mut start = 0;
        while start < labels.len() {
            let end = end_of(labels, start);
            if end - start <= 8 {
                let label = pack(labels, start, end);
                top[at] = Rules { label, depth, longest };
                at += 1;
            }
            start = end + 1;
        }
        list += 1;
    }
    top
};

/// The last eight bytes of each of [`BASES`], or all there are, as a number.
pub(crate) static DEEP: [u64; words(BASES)] = {
    let mut deep = [0; words(BASES)];
    let bases = BASES.as_bytes();
    let (mut at, mut start) = (0, 0);
    while start < bases.len() {
        let end = end_of(bases, start);
        let last = if end - start > 8 { end - 8 } else { start };
        deep[at] = pack(bases, last, end);
        at += 1;
        start = end + 1;
    }
    deep
};

/// The last eight bytes of each longer label, as a number.
pub(crate) static TOP_LONG: [u64; count(true)] = {
    let mut top = [0; count(true)];
    let mut at = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let labels = LISTS[list].2.as_bytes();
        let mut start = 0;
        while start < labels.len() {
            let end = end_of(labels, start);
            if end - start > 8 {
                top[at] = pack(labels, end - 8, end);
                at += 1;
            }
            start = end + 1;
        }
        list += 1;
    }
    top
};

/// The bytes of `text` from `start` to `end`, at most eight, as a number: the
/// first is the lowest byte.
pub(crate) const fn pack(text: &[u8], start: usize, end: usize) -> u64 {
    let mut packed = 0;
    let mut at = start;
    while at < end {
        packed |= (text[at] as u64) << (8 * (at - start));
        at += 1;
    }
    packed
}

const fn end_of(labels: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < labels.len() && labels[end] != b' ' {
        end += 1;
    }
    end
}

const fn words(text: &str) -> usize {
    let (mut count, mut at) = (1, 0);
    while at < text.len() {
        if text.as_bytes()[at] == b' ' {
            count += 1;
        }
        at += 1;
    }
    count
}

/// How many labels are longer than eight bytes, or are not.
const fn count(long: bool) -> usize {
    let mut count = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let labels = LISTS[list].2.as_bytes();
        let mut start = 0;
        while start < labels.len() {
            let end = end_of(labels, start);
            if (end - start > 8) == long {
                count += 1;
            }
            start = end + 1;
        }
        list += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write as _;
    use std::process::Command;

    use psl::Psl as _;

    use super::{BASES, LISTS};

    /// What is said of each label, and the labels of which it is said.
    type Lists = BTreeMap<(u8, u8), Vec<String>>;

    /// The depth of the registries' rules below each label and the length of
    /// the longest first label of those with two labels; and what rules with
    /// more end with. After `psl`.
    fn lists() -> (Lists, BTreeSet<String>) {
        // Without the filter cargo wants the packages of every platform.
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--offline"])
            .args(["--filter-platform", "host-tuple"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let meta: serde_json::Value =
            serde_json::from_slice(&output.stdout).unwrap();
        let packages = meta["packages"].as_array().unwrap();
        let psl = packages.iter().find(|it| it["name"] == "psl").unwrap();
        let manifest = psl["manifest_path"].as_str().unwrap();
        let rules = manifest.replace("Cargo.toml", "data/rules.txt");
        let rules = std::fs::read_to_string(rules).unwrap();
        let mut labels: BTreeMap<&str, (u8, u8)> = BTreeMap::new();
        let mut bases = BTreeSet::new();
        for rule in rules.lines() {
            let name = rule.trim_start_matches('!').replace('*', "x");
            let suffix = psl::List.suffix(name.as_bytes()).unwrap();
            let mut parts = rule.rsplit('.');
            let label = parts.next().unwrap();
            if !label.is_ascii() || suffix.typ() != Some(psl::Type::Icann) {
                continue;
            }
            let (deepest, longest) = labels.entry(label).or_default();
            let depth = u8::try_from(name.split('.').count()).unwrap();
            *deepest = depth.max(*deepest);
            // Names in other scripts are not looked up here.
            let second = parts.next().filter(|it| it.is_ascii());
            match (depth, second) {
                (2, Some(second)) => {
                    let len = u8::try_from(second.len()).unwrap();
                    *longest = len.max(*longest);
                }
                (3.., Some(second)) => {
                    bases.insert(format!("{second}.{label}"));
                }
                _ => {}
            }
        }
        for (label, (depth, longest)) in &mut labels {
            // `za` is no suffix, `co.za` is.
            let suffix = psl::List.suffix(label.as_bytes());
            if !suffix.is_some_and(|it| it.is_known()) {
                (*depth, *longest) = (super::BELOW, 0);
            }
        }
        let mut lists = Lists::new();
        for (label, of) in labels {
            lists.entry(of).or_default().push(label.to_owned());
        }
        (lists, bases)
    }

    #[test]
    fn the_labels_are_those_of_the_public_suffix_list() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        let ours: Lists = LISTS
            .iter()
            .map(|(depth, longest, labels)| {
                ((*depth, *longest), words(labels))
            })
            .collect();
        let bases: Vec<String> = words(BASES);
        let (lists, expected) = lists();
        assert_eq!(ours, lists);
        assert_eq!(bases, Vec::from_iter(expected));
    }

    /// Writes words into lines of a string.
    fn wrapped(out: &mut String, indent: usize, words: &[String]) {
        let mut line = format!("{:indent$}\"", "");
        for (i, word) in words.iter().enumerate() {
            let end = if i + 1 == words.len() { "\"" } else { " " };
            if line.len() + word.len() + 1 > 77 {
                writeln!(out, "{line}\\").unwrap();
                line = format!("{:1$}", "", indent + 1);
            }
            line += word;
            line += end;
        }
        out.push_str(&line);
    }

    #[test]
    #[ignore = "prints the lists anew"]
    fn write_top_labels() {
        let mut out = String::new();
        let (lists, bases) = lists();
        writeln!(out, "static LISTS: [(u8, u8, &str); {}] = [", lists.len())
            .unwrap();
        for ((depth, longest), labels) in lists {
            let width = labels.iter().map(|it| it.len() + 1).sum::<usize>();
            if width < 55 {
                let labels = labels.join(" ");
                writeln!(out, "    ({depth}, {longest}, \"{labels}\"),")
                    .unwrap();
                continue;
            }
            writeln!(out, "    (\n        {depth},\n        {longest},")
                .unwrap();
            wrapped(&mut out, 8, &labels);
            writeln!(out, ",\n    ),").unwrap();
        }
        writeln!(out, "];\n\nstatic BASES: &str =").unwrap();
        wrapped(&mut out, 4, &Vec::from_iter(bases));
        println!("{out};");
    }
}
