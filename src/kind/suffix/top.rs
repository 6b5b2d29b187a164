//! The top-level labels as numbers, for look-ups at the speed of a scan.
//!
//! [`LISTS`] is generated from the public suffix list that the `psl` crate
//! carries: `cargo test --lib -- --ignored write_top_labels` prints it anew,
//! and a test compares it with the crate's. A-labels are left to `psl`.

/// The depth of a label that is no suffix itself, though some below it are.
pub(crate) const BELOW: u8 = 9;

/// How deep the registries' rules below a label go, and the labels: 1 for a
/// label that is a suffix by itself, 2 for one with rules like `co.uk`.
static LISTS: [(u8, &str); 5] = [
    (
        1,
        "aaa aarp abb abbott abbvie abc able abogado abudhabi academy \
         accenture accountant accountants aco actor ad ads adult aeg aetna \
         afl africa agakhan agency aig airbus airforce airtel akdn alibaba \
         alipay allfinanz allstate ally alsace alstom amazon americanexpress \
         americanfamily amex amfam amica amsterdam analytics android anquan \
         anz aol apartments app apple aq aquarelle arab aramco archi army art \
         arte asda asia associates athleta attorney auction audi audible \
         audio auspost author auto autos aws ax axa azure baby baidu banamex \
         band bank bar barcelona barclaycard barclays barefoot bargains \
         baseball basketball bauhaus bayern bbc bbt bbva bcg bcn beats beauty \
         beer berlin best bestbuy bet bharti bible bid bike bing bingo bio \
         biz black blackfriday blockbuster blog bloomberg blue bms bmw \
         bnpparibas boats boehringer bofa bom bond boo book booking bosch \
         bostik boston bot boutique box bradesco bridgestone broadway broker \
         brother brussels build builders business buy buzz bv bzh cab cafe \
         cal call calvinklein cam camera camp canon capetown capital \
         capitalone car caravan cards care career careers cars casa case cash \
         casino cat catering catholic cba cbn cbre cc center ceo cern cf cfa \
         cfd cg ch chanel channel charity chase chat cheap chintai christmas \
         chrome church cipriani circle cisco citadel citi citic city claims \
         cleaning click clinic clinique clothing cloud club clubmed coach \
         codes coffee college cologne com commbank community company compare \
         computer comsec condos construction consulting contact contractors \
         cooking cool coop corsica country coupon coupons courses cpa credit \
         creditcard creditunion cricket crown crs cruise cruises cuisinella \
         cymru cyou dad dance data date dating datsun day dclk dds de deal \
         dealer deals degree delivery dell deloitte delta democrat dental \
         dentist desi design dev dhl diamonds diet digital direct directory \
         discount discover dish diy dj dk dnp docs doctor dog domains dot \
         download drive dtv dubai dupont durban dvag dvr earth eat eco edeka \
         edu education email emerck energy engineer engineering enterprises \
         epson equipment ericsson erni esq estate eu eurovision eus events \
         exchange expert exposed express extraspace fage fail fairwinds faith \
         family fan fans farm farmers fashion fast fedex feedback ferrari \
         ferrero fidelity fido film final finance financial fire firestone \
         firmdale fish fishing fit fitness flickr flights flir florist \
         flowers fly fo foo food football ford forex forsale forum foundation \
         fox free fresenius frl frogans frontier ftr fujitsu fun fund \
         furniture futbol fyi ga gal gallery gallo gallup game games gap \
         garden gay gb gbiz gdn gea gent genting george gf ggee gift gifts \
         gives giving glass gle global globo gm gmail gmbh gmo gmx godaddy \
         gold goldpoint golf goodyear goog google gop got gov gq grainger \
         graphics gratis green gripe grocery group gs gucci guge guide \
         guitars guru gw hair hamburg hangout haus hbo hdfc hdfcbank health \
         healthcare help here hermes hiphop hisamitsu hitachi hiv hkt hm \
         hockey holdings holiday homedepot homegoods homes homesense honda \
         horse hospital host hosting hot hotel hotels hotmail house how hsbc \
         hughes hyatt hyundai ibm icbc ice icu ieee ifm ikano imamat imdb \
         immo immobilien inc industries infiniti info ing ink institute \
         insurance insure international intuit investments ipiranga irish is \
         ismaili ist istanbul itau itv jaguar java jcb jeep jetzt jewelry jio \
         jll jmp jnj jobs joburg jot joy jpmorgan jprs juegos kaufen kddi \
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
         mom monash money monster mormon mortgage moscow moto motorcycles mov \
         movie mp mq msd mtn mtr museum music nab nagoya name navy nba ne nec \
         net netbank netflix network neustar new news next nextdirect nexus \
         nfl ngo nhk nico nike nikon ninja nissan nissay nl nokia norton now \
         nowruz nowtv nra nrw ntt nu nyc obi observer office okinawa olayan \
         olayangroup ollo omega one ong onion onl online ooo open oracle \
         orange org organic origins osaka otsuka ott ovh page panasonic paris \
         pars partners parts party pay pccw pet pfizer pharmacy phd philips \
         phone photo photography photos physio pics pictet pictures pid pin \
         ping pink pioneer pizza place play playstation plumbing plus pm pnc \
         pohl poker politie porn post praxi press prime prod productions prof \
         progressive promo properties property protection pru prudential pub \
         pwc qpon quebec quest racing radio read realestate realtor realty \
         recipes red redumbrella rehab reise reisen reit reliance ren rent \
         rentals repair report republican rest restaurant review reviews \
         rexroth rich richardli ricoh ril rio rip rocks rodeo rogers room \
         rsvp ru rugby ruhr run rwe ryukyu saarland safe safety sakura sale \
         salon samsclub samsung sandvik sandvikcoromant sanofi sap sarl sas \
         save saxo sbi sbs scb schaeffler schmidt scholarships school schule \
         schwarz science scot search seat secure security seek select sener \
         services seven sew sex sexy sfr shangrila sharp shell shia shiksha \
         shoes shop shopping shouji show si silk sina singles site sj ski \
         skin sky skype sling sm smart smile sncf soccer social softbank \
         software sohu solar solutions song sony soy spa space sport spot sr \
         srl stada staples star statebank statefarm stc stcgroup stockholm \
         storage store stream studio study style su sucks supplies supply \
         support surf surgery suzuki swatch swiss sydney systems tab taipei \
         talk taobao target tatamotors tatar tattoo tax taxi tc tci td tdk \
         team tech technology tel temasek tennis teva tf tg thd theater \
         theatre tiaa tickets tienda tips tires tirol tjmaxx tjx tk tkmaxx \
         tmall today tokyo tools top toray toshiba total tours town toyota \
         toys trade trading training travel travelers travelersinsurance \
         trust trv tube tui tunes tushu tv tvs ubank ubs unicom university \
         uno uol ups va vacations vana vanguard vegas ventures verisign \
         versicherung vet viajes video vig viking villas vin vip virgin visa \
         vision viva vivo vlaanderen vodka volvo vote voting voto voyage \
         wales walmart walter wang wanggou watch watches weather \
         weatherchannel web webcam weber website wed wedding weibo weir wf \
         whoswho wien wiki williamhill win windows wine winners wme woodside \
         work works world wow wtc wtf xbox xerox xihuan xin xxx xyz yachts \
         yahoo yamaxun yandex yodobashi yoga yokohama you youtube yt yun \
         zappos zara zero zip zone zuerich",
    ),
    (
        2,
        "ac ae aero af ag ai al am ao ar arpa as aw az ba bb bd be bf bg bh \
         bi bj bm bn bo bs bt bw by bz ca cd ci cl cm cn co cr cu cv cw cx cy \
         cz dm do dz ec ee eg es et fi fj fm fr gd ge gg gh gi gl gn gp gr gt \
         gu gy hk hn hr ht hu id ie il in int io iq ir it je jo ke kg kh ki \
         km kn kp kr kw ky kz la lb lc lk lr ls lt lv ly ma mc me mg mk ml mn \
         mo mr ms mt mu mv mw mx my mz na nc nf ng ni nr nz om pa pe pf ph pk \
         pn pr pro ps pt pw py qa re ro rs rw sa sb sc sd se sg sh sk sl sn \
         so ss st sv sx sy sz th tj tl tm tn to tt tw tz ua ug uy uz vc ve vg \
         vi vn vu ws ye zm zw",
    ),
    (3, "at au br im jp no pl tr uk"),
    (4, "us"),
    (9, "ck er fk jm mm np pg za"),
];

/// The labels of at most eight bytes, each as a number ([`pack`]) with the
/// depth of its rules.
pub(crate) static TOP: [(u64, u8); count(false)] = {
    let mut top = [(0, 0); count(false)];
    let mut at = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let (depth, labels) = LISTS[list];
        let labels = labels.as_bytes();
        let mut start = 0;
        while start < labels.len() {
            let end = end_of(labels, start);
            if end - start <= 8 {
                top[at] = (pack(labels, start, end), depth);
                at += 1;
            }
            start = end + 1;
        }
        list += 1;
    }
    top
};

/// The last eight bytes of each longer label, as a number.
pub(crate) static TOP_LONG: [u64; count(true)] = {
    let mut top = [0; count(true)];
    let mut at = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let labels = LISTS[list].1.as_bytes();
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

/// How many labels are longer than eight bytes, or are not.
const fn count(long: bool) -> usize {
    let mut count = 0;
    let mut list = 0;
    while list < LISTS.len() {
        let labels = LISTS[list].1.as_bytes();
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
    use std::collections::BTreeMap;
    use std::fmt::Write as _;
    use std::process::Command;

    use psl::Psl as _;

    use super::LISTS;

    /// The depth of the registries' rules below each label, after `psl`.
    fn depths() -> BTreeMap<u8, Vec<String>> {
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
        let mut depth: BTreeMap<&str, usize> = BTreeMap::new();
        for rule in rules.lines() {
            let name = rule.trim_start_matches('!').replace('*', "x");
            let suffix = psl::List.suffix(name.as_bytes()).unwrap();
            let label = rule.rsplit('.').next().unwrap();
            if !label.is_ascii() || suffix.typ() != Some(psl::Type::Icann) {
                continue;
            }
            let deepest = depth.entry(label).or_default();
            *deepest = (*deepest).max(name.split('.').count());
        }
        for (label, depth) in &mut depth {
            // `za` is no suffix, `co.za` is.
            let suffix = psl::List.suffix(label.as_bytes());
            if !suffix.is_some_and(|it| it.is_known()) {
                *depth = usize::from(super::BELOW);
            }
        }
        let mut lists: BTreeMap<u8, Vec<String>> = BTreeMap::new();
        for (label, depth) in depth {
            let depth = u8::try_from(depth).unwrap();
            lists.entry(depth).or_default().push(label.to_owned());
        }
        lists
    }

    #[test]
    fn the_labels_are_those_of_the_public_suffix_list() {
        let ours: BTreeMap<u8, Vec<String>> = LISTS
            .iter()
            .map(|(depth, labels)| {
                (*depth, labels.split(' ').map(str::to_owned).collect())
            })
            .collect();
        assert_eq!(ours, depths());
    }

    #[test]
    #[ignore = "prints the lists anew"]
    fn write_top_labels() {
        let mut out = String::new();
        let lists = depths();
        writeln!(out, "static LISTS: [(u8, &str); {}] = [", lists.len())
            .unwrap();
        for (depth, labels) in lists {
            writeln!(out, "    (\n        {depth},").unwrap();
            let mut line = String::from("        \"");
            for (i, label) in labels.iter().enumerate() {
                let label = match i + 1 == labels.len() {
                    true => format!("{label}\","),
                    false => format!("{label} "),
                };
                if line.len() + label.len() > 78 {
                    writeln!(out, "{line}\\").unwrap();
                    line = String::from("         ");
                }
                line.push_str(&label);
            }
            writeln!(out, "{line}\n    ),").unwrap();
        }
        println!("{out}];");
    }
}
