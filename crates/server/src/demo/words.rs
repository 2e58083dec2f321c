//! The words the city is made of: fields with their employers, posts and topics; names that nobody bears by chance.
//!
//! Every generated name shows that it is one: organisations begin with 演示, the second character of a person's name
//! is 示, 演, 例 or 样. Telephone numbers begin with 120, which is no mobile segment.

use super::random::Dice;

/// A focus field of the policy and what belongs to it here.
pub(super) struct Field {
    /// Code of the vocabulary.
    pub(super) code: &'static str,
    /// A short word for names.
    pub(super) short: &'static str,
    /// Departments of its employers, the first mostly.
    pub(super) departments: &'static [&'static str],
    /// Section of GB/T 4754 of its employers.
    pub(super) section: &'static str,
    /// Series of titles of its people.
    pub(super) series: &'static str,
    /// What its employers are.
    pub(super) makers: [&'static str; 3],
    /// What its people do.
    pub(super) posts: [&'static str; 3],
    /// What is taught.
    pub(super) topics: [&'static str; 6],
}

macro_rules! fields {
    ($($code:literal $short:literal [$($department:literal)*] $section:literal $series:literal [$($maker:literal)*] [$($post:literal)*] [$($topic:literal)*])*) => {
        &[$(Field { code: $code, short: $short, departments: &[$($department),*], section: $section, series: $series,
            makers: [$($maker),*], posts: [$($post),*], topics: [$($topic),*] }),*]
    };
}

/// All twenty focus fields.
pub(super) const FIELDS: &[Field] = fields! {
    "ai" "人工智能" ["jxw" "kw"] "I" "05" ["科技有限公司" "软件有限公司" "研究院"] ["算法工程师" "数据工程师" "系统架构师"]
        ["大模型工程化应用" "人工智能安全与治理" "智能算法与数据标注" "计算机视觉工程实践" "智能体开发与评测" "行业大模型落地案例"]
    "integrated_circuits" "集成电路" ["jxw"] "C" "05" ["设计有限公司" "制造有限公司" "研究所"] ["芯片设计工程师" "工艺工程师" "测试工程师"]
        ["集成电路先进制程工艺" "芯片设计与验证实务" "半导体装备与零部件" "集成电路封装测试技术" "车规级芯片可靠性" "设计自动化工具应用"]
    "biomedicine" "生物医药" ["kw" "wjw"] "C" "04" ["制药有限公司" "医疗器械有限公司" "研究院"] ["药物研发员" "临床研究员" "注册专员"]
        ["生物药工艺开发与质量控制" "细胞与基因治疗进展" "临床试验质量管理" "药物警戒与风险管理" "高端医疗器械注册" "合成生物学应用"]
    "new_energy_vehicles" "新能源汽车" ["jxw"] "C" "05" ["整车有限公司" "动力有限公司" "技术中心"] ["整车工程师" "电池工程师" "测试工程师"]
        ["动力电池安全技术" "智能网联汽车测试评价" "燃料电池系统设计" "车载操作系统与软件" "电驱动系统可靠性" "汽车数据安全合规"]
    "equipment" "高端装备" ["jxw"] "C" "05" ["机床有限公司" "自动化有限公司" "设计院"] ["机械工程师" "电气工程师" "机器人工程师"]
        ["高档数控机床运维" "工业机器人系统集成" "智能制造单元设计" "增材制造工艺" "重大装备可靠性工程" "数字孪生工厂建设"]
    "aerospace" "航空航天" ["jxw"] "C" "05" ["装备有限公司" "卫星有限公司" "研究所"] ["结构工程师" "适航工程师" "总体设计师"]
        ["商用飞机适航管理" "航空发动机维修" "卫星应用与遥感数据" "航空复合材料成形" "无人机系统设计与运行" "航天测控技术"]
    "telecom" "信息通信" ["jxw"] "I" "05" ["技术有限公司" "网络有限公司" "设计院"] ["通信工程师" "网络工程师" "安全工程师"]
        ["移动通信网络优化" "通信网络安全防护" "光通信系统设计" "算力网络规划" "量子通信技术基础" "物联网平台建设"]
    "materials" "新材料" ["kw" "scjgj"] "C" "05" ["科技有限公司" "检测有限公司" "研究所"] ["材料工程师" "检测工程师" "工艺工程师"]
        ["先进高分子材料" "高性能纤维及复合材料" "电子化学品制备" "材料基因与计算设计" "新材料标准与检测" "绿色低碳材料"]
    "emerging_digital" "数字产业" ["jxw" "zscqj"] "I" "05" ["数据有限公司" "云计算有限公司" "研究院"] ["数据治理工程师" "云架构师" "产品工程师"]
        ["数据资产入表实务" "数据要素流通与交易" "区块链技术与应用" "数字内容制作" "云原生架构设计" "数据治理与数据安全"]
    "life_health" "生命健康" ["wjw"] "Q" "04" ["医院" "社区卫生服务中心" "体检中心"] ["临床医师" "检验技师" "康复治疗师"]
        ["慢病管理与健康数据" "精准医学检验技术" "老年照护与康复" "中医药现代化" "医院感染防控" "公共卫生监测预警"]
    "photonics" "光子芯片" ["kw"] "C" "05" ["光电有限公司" "激光有限公司" "研究所"] ["光学工程师" "封装工程师" "测试工程师"]
        ["硅光集成技术" "光电子器件封装" "激光器设计与应用" "光子芯片测试方法" "光学精密测量" "光通信模块研发"]
    "brain_inspired" "类脑智能" ["kw" "jw"] "M" "03" ["科技有限公司" "研究院" "研究中心"] ["研究员" "算法工程师" "实验员"]
        ["类脑芯片架构" "脑机接口技术与伦理" "神经影像数据分析" "脉冲神经网络算法" "认知计算应用" "神经工程前沿"]
    "finance_trade" "金融商贸" ["czj" "sww"] "J" "17" ["会计师事务所" "商贸有限公司" "金融服务有限公司"] ["会计" "风险管理师" "贸易专员"]
        ["金融科技与风险管理" "企业数字化财务转型" "跨境贸易规则与实务" "绿色金融与可持续披露" "供应链金融" "新会计准则解读"]
    "culture_tourism" "文化旅游" ["whlyj" "xcb"] "R" "10" ["博物馆" "传播有限公司" "出版社"] ["策展人" "编辑" "文旅策划师"]
        ["文旅数字化运营" "博物馆展陈与数字保护" "数字出版编辑实务" "演艺新空间策划" "文化创意产品设计" "旅游公共服务质量"]
    "shipping_logistics" "航运物流" ["jtw"] "G" "05" ["船务有限公司" "港务有限公司" "供应链有限公司"] ["船舶工程师" "物流工程师" "调度员"]
        ["智慧港口运营" "航运保险与海事法律" "冷链物流技术" "国际多式联运" "邮轮运营服务" "绿色航运燃料"]
    "urban_governance" "城市治理" ["zjw" "ghzyj" "sthjj" "swj"] "N" "05" ["市政有限公司" "规划设计院" "环境监测站"] ["规划师" "环境工程师" "运维工程师"]
        ["城市精细化管理" "城市数字底座与一网统管" "城市更新规划实务" "生态环境监测" "市政设施安全运维" "特种设备安全监管"]
    "social_work" "社会工作" ["mzj"] "Q" "19" ["服务中心" "养老服务中心" "社区服务中心"] ["社会工作师" "督导" "项目主管"]
        ["社区治理与服务" "养老服务质量管理" "社会工作督导" "心理健康服务" "社会组织规范化建设" "儿童福利与保护"]
    "emergency_control" "应急防控" ["wjw" "swj"] "S" "05" ["安全技术有限公司" "疾病预防控制中心" "技术中心"] ["安全工程师" "流行病学医师" "应急管理员"]
        ["突发公共卫生事件应对" "安全生产风险管控" "应急预案编制与演练" "防汛防台技术" "危险化学品应急处置" "城市生命线工程监测"]
    "construction_transport" "建设交通" ["zjw" "jtw"] "E" "05" ["工程有限公司" "轨道有限公司" "勘察设计院"] ["结构工程师" "造价工程师" "信号工程师"]
        ["装配式建筑技术" "建筑信息模型应用" "轨道交通运维" "绿色建筑与超低能耗" "道路桥梁检测" "智能交通系统设计"]
    "rural_revival" "乡村振兴" ["nyncw"] "A" "06" ["农业有限公司" "种业有限公司" "农业技术推广站"] ["农艺师" "农技推广员" "水产工程师"]
        ["智慧农业技术" "种业创新与品种选育" "农产品质量安全" "农村人居环境治理" "水产生态养殖" "乡村产业规划"]
};

/// Courses of 公需科目: title, direction, hours.
pub(super) const PUBLIC: [(&str, &str, i64); 10] = [
    ("新时代思想政治理论学习", "political_study", 12),
    ("人工智能通识", "knowledge_renewal", 12),
    ("数字技术基础", "knowledge_renewal", 18),
    ("新质生产力与产业创新", "knowledge_renewal", 6),
    ("科学家精神与科研诚信", "scientific_spirit", 6),
    ("专业技术人员职业道德", "professional_ethics", 6),
    ("知识产权保护与运用", "knowledge_renewal", 12),
    ("网络安全与个人信息保护", "knowledge_renewal", 12),
    ("应急管理与公共安全", "knowledge_renewal", 6),
    ("团队合作与沟通", "teamwork", 6),
];

/// Code of the district, its short name, the key area it lies in.
pub(super) const DISTRICTS: [(&str, &str, Option<&str>); 16] = [
    ("310104", "徐汇", None),
    ("310115", "浦东", Some("pudong")),
    ("310112", "闵行", Some("hongqiao")),
    ("310114", "嘉定", Some("new_towns")),
    ("310110", "杨浦", None),
    ("310106", "静安", None),
    ("310117", "松江", Some("new_towns")),
    ("310101", "黄浦", None),
    ("310105", "长宁", Some("hongqiao")),
    ("310118", "青浦", Some("new_towns")),
    ("310107", "普陀", None),
    ("310120", "奉贤", Some("new_towns")),
    ("310109", "虹口", None),
    ("310113", "宝山", None),
    ("310116", "金山", None),
    ("310151", "崇明", None),
];

const SURNAMES: &str = "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄江吕何罗高萧潘朱简钟彭游詹胡施沈";
const MARKS: &str = "示演例样";
const GIVEN: &str =
    "安宁嘉悦明远思齐文清若水一舟景行知夏承志书言子衿可欣亦然佳音浩然雨桐晨曦立行望舒怀瑾修竹静好从容致和";

/// The name of a person: recognisable, and right in a table.
pub(super) fn person_name(dice: &mut Dice) -> String {
    let mut letter = |letters: &str| letters.chars().nth(dice.below(letters.chars().count())).unwrap_or('示');
    [letter(SURNAMES), letter(MARKS), letter(GIVEN)].iter().collect()
}

/// The name of a teacher.
pub(super) fn teacher(dice: &mut Dice) -> (String, &'static str) {
    const TITLES: [&str; 5] = ["教授", "研究员", "正高级工程师", "副教授", "高级工程师"];
    (person_name(dice), TITLES[dice.below(TITLES.len())])
}

/// A telephone number that nobody has.
pub(super) fn phone(serial: u64) -> String {
    format!("120{:08}", serial % 100_000_000)
}

/// 一, 二 … 十二, for names with a number; up to 99.
pub(super) fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10 % 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognisable_and_pass_the_rules_of_names() {
        for serial in 0..500 {
            let name = person_name(&mut Dice::of("name", serial));
            assert!(
                rules::people::read_name("name", &name).is_ok() && name.chars().count() == 3,
                "{name}"
            );
            assert!(name.chars().nth(1).is_some_and(|mark| MARKS.contains(mark)));
            assert!(rules::people::read_phone("phone", &phone(serial)).is_ok());
        }
        assert_eq!([3, 10, 12, 48].map(numeral), ["三", "十", "十二", "四十八"]);
    }
}
