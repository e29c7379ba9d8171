"""What time zones are called: by people in English and Chinese, and by IANA. Data."""

from __future__ import annotations

#: IANA names, those that share a line being equally likely: what people call them and their cities
#: besides the names in them. Of several zones with one offset, the first are offered.
NAMES_OF_ZONES = """
Asia/Shanghai: beijing, shenzhen, guangzhou, hangzhou, chengdu, nanjing, wuhan, xi an, xian,
  tianjin, suzhou, china, prc, 上海, 北京, 深圳, 广州, 杭州, 成都, 南京, 武汉, 西安, 天津, 重庆,
  苏州, 中国
Asia/Hong_Kong: hongkong, hk, 香港
Asia/Taipei: taiwan, 台北, 台湾, 高雄, 台中
Asia/Singapore: sg, 新加坡
Asia/Macau: macao, 澳门
Asia/Tokyo: japan, osaka, kyoto, 东京, 大阪, 京都, 日本
Asia/Seoul: korea, south korea, busan, 首尔, 汉城, 釜山, 韩国
Europe/Berlin: germany, munich, frankfurt, hamburg, cologne, stuttgart, 柏林, 德国, 慕尼黑,
  法兰克福, 汉堡
Europe/London: england, uk, britain, great britain, united kingdom, manchester, edinburgh, oxford,
  cambridge, 伦敦, 英国, 曼彻斯特, 爱丁堡, 剑桥, 牛津
Europe/Paris: france, lyon, 巴黎, 法国
Europe/Zurich: switzerland, geneva, 苏黎世, 日内瓦, 瑞士
Europe/Madrid: spain, barcelona, 马德里, 巴塞罗那, 西班牙
Europe/Rome: italy, milan, 罗马, 米兰, 意大利
Europe/Amsterdam: netherlands, holland, hague, 阿姆斯特丹, 荷兰
Europe/Vienna: austria, 维也纳, 奥地利
Europe/Brussels: belgium, 布鲁塞尔, 比利时
Europe/Stockholm: sweden, 斯德哥尔摩, 瑞典
Europe/Oslo: norway, 奥斯陆, 挪威
Europe/Copenhagen: denmark, 哥本哈根, 丹麦
Europe/Warsaw: poland, krakow, 华沙, 波兰
Europe/Prague: czechia, 布拉格, 捷克
Europe/Budapest: hungary, 布达佩斯, 匈牙利
Europe/Helsinki: finland, 赫尔辛基, 芬兰
Europe/Athens: greece, 雅典, 希腊
Europe/Kyiv: kiev, ukraine, 基辅, 乌克兰
Europe/Lisbon: portugal, porto, 里斯本, 葡萄牙
Europe/Dublin: ireland, 都柏林, 爱尔兰
Europe/Moscow: russia, saint petersburg, st petersburg, 莫斯科, 圣彼得堡, 俄罗斯
Europe/Istanbul: turkey, ankara, 伊斯坦布尔, 土耳其
America/New_York: nyc, boston, washington, washington dc, philadelphia, miami, atlanta,
  pittsburgh, princeton, 纽约, 波士顿, 华盛顿, 费城, 迈阿密, 亚特兰大, 匹兹堡
America/Chicago: houston, dallas, austin, texas, minneapolis, 芝加哥, 休斯顿, 达拉斯, 奥斯汀
America/Denver: salt lake city, boulder, 丹佛, 盐湖城
America/Los_Angeles: la, san francisco, sf, bay area, silicon valley, seattle, san diego,
  san jose, palo alto, berkeley, stanford, portland, las vegas, california, 洛杉矶, 旧金山,
  三藩市, 湾区, 硅谷, 西雅图, 圣迭戈, 圣何塞, 加州, 拉斯维加斯
America/Phoenix: arizona, 凤凰城
America/Anchorage: alaska, 阿拉斯加
Pacific/Honolulu: hawaii, 檀香山, 火奴鲁鲁, 夏威夷
America/Toronto: montreal, ottawa, waterloo, 多伦多, 蒙特利尔, 渥太华, 滑铁卢
America/Vancouver: 温哥华
America/Edmonton: calgary, 卡尔加里, 埃德蒙顿
America/Halifax: nova scotia, 哈利法克斯
America/St_Johns: newfoundland, 圣约翰斯
America/Mexico_City: mexico, 墨西哥城, 墨西哥
America/Sao_Paulo: brazil, rio, rio de janeiro, brasilia, 圣保罗, 里约, 里约热内卢, 巴西
America/Argentina/Buenos_Aires: argentina, 布宜诺斯艾利斯, 阿根廷
America/Santiago: chile, 圣地亚哥, 智利
America/Bogota: colombia, 波哥大, 哥伦比亚
America/Lima: peru, 利马, 秘鲁
America/Caracas: venezuela, 加拉加斯, 委内瑞拉
Atlantic/Azores: 亚速尔群岛
Atlantic/Cape_Verde: praia, 佛得角
Atlantic/South_Georgia: 南乔治亚
Africa/Lagos: nigeria, abuja, 拉各斯, 尼日利亚
Africa/Cairo: egypt, 开罗, 埃及
Africa/Johannesburg: south africa, cape town, pretoria, 约翰内斯堡, 开普敦, 南非
Africa/Nairobi: kenya, 内罗毕, 肯尼亚
Asia/Dubai: uae, emirates, abu dhabi, 迪拜, 阿布扎比, 阿联酋
Asia/Riyadh: saudi arabia, jeddah, 利雅得, 沙特
Asia/Qatar: doha, 多哈, 卡塔尔
Asia/Jerusalem: israel, tel aviv, 耶路撒冷, 特拉维夫, 以色列
Asia/Tehran: iran, 德黑兰, 伊朗
Asia/Kabul: afghanistan, 喀布尔, 阿富汗
Asia/Karachi: pakistan, lahore, islamabad, 卡拉奇, 伊斯兰堡, 巴基斯坦
Asia/Kolkata: india, delhi, new delhi, mumbai, bangalore, bengaluru, chennai, hyderabad, pune,
  印度, 新德里, 孟买, 班加罗尔, 加尔各答
Asia/Kathmandu: nepal, 加德满都, 尼泊尔
Asia/Dhaka: bangladesh, 达卡, 孟加拉
Asia/Yangon: rangoon, myanmar, burma, 仰光, 缅甸
Asia/Bangkok: thailand, 曼谷, 泰国
Asia/Ho_Chi_Minh: vietnam, hanoi, saigon, ho chi minh city, 胡志明市, 河内, 西贡, 越南
Asia/Jakarta: indonesia, bandung, 雅加达, 印尼, 印度尼西亚
Asia/Kuala_Lumpur: malaysia, penang, 吉隆坡, 槟城, 马来西亚
Asia/Manila: philippines, 马尼拉, 菲律宾
Asia/Urumqi: xinjiang, 乌鲁木齐, 新疆
Asia/Ulaanbaatar: mongolia, 乌兰巴托, 蒙古
Asia/Almaty: kazakhstan, astana, 阿拉木图, 阿斯塔纳, 哈萨克斯坦
Asia/Tashkent: uzbekistan, 塔什干
Australia/Sydney: canberra, 悉尼, 雪梨, 堪培拉
Australia/Melbourne: victoria, 墨尔本
Australia/Brisbane: gold coast, 布里斯班
Australia/Adelaide: 阿德莱德
Australia/Darwin: 达尔文
Australia/Perth: 珀斯
Australia/Eucla: 尤克拉
Australia/Lord_Howe: 豪勋爵岛
Pacific/Auckland: new zealand, wellington, christchurch, 奥克兰, 惠灵顿, 新西兰
Pacific/Chatham: 查塔姆群岛
Pacific/Noumea: new caledonia, 努美阿
Pacific/Apia: samoa, 萨摩亚
Pacific/Tongatapu: tonga, 汤加
Pacific/Kiritimati: kiribati, 基里巴斯
Pacific/Marquesas: 马克萨斯群岛
Pacific/Pago_Pago: american samoa, 帕果帕果
UTC: gmt, z, zulu, 世界时
America/New_York: et, est, edt, eastern
Asia/Shanghai America/Chicago: cst
America/Chicago: ct, cdt, central
America/Denver: mt, mst, mdt, mountain
America/Los_Angeles: pt, pst, pdt, pacific
Pacific/Honolulu: hst
Europe/Berlin: cet, cest, met, central european
Europe/Athens: eet, eest, eastern european
Europe/Lisbon: wet, western european
Europe/London: bst
Asia/Kolkata Asia/Jerusalem Europe/Dublin: ist
Europe/Moscow: msk
Asia/Tokyo: jst
Asia/Seoul: kst
Asia/Hong_Kong: hkt
Asia/Singapore: sgt
Australia/Sydney: aest, aedt
Pacific/Auckland: nzst, nzdt
America/New_York America/Chicago America/Denver America/Los_Angeles: america, us, usa,
  united states, 美国
America/Toronto America/Edmonton America/Vancouver America/Halifax: canada, 加拿大
Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Perth: australia, 澳大利亚, 澳洲
"""
