"""Who and what the sample company consists of. The companies and people are made up."""

# Region, its offices, the word for its cities in customers' names.
REGIONS = {
    "华东区": ("上海", "杭州"),
    "华南区": ("广州", "深圳"),
    "西部区": ("成都", "西安"),
}
TEAMS = ("一队", "二队")
REPS_PER_TEAM = 6

# The people of the story: who they are and where they are found below.
FALLING_OFFICE = "成都"
STAR = "lin.xiaoyu"
STAR_TEAM = "深圳二队"
FAKER = "wu.hao"
FAKER_TEAM = "杭州一队"

REGION_MANAGERS = "许志强 xu.zhiqiang, 罗春梅 luo.chunmei, 石勇 shi.yong"

# A team each, in the order of the units.
SUPERVISORS = """
    周建平 zhou.jianping, 钱慧 qian.hui, 沈国栋 shen.guodong, 陆婷婷 lu.tingting,
    何志远 he.zhiyuan, 梁晓燕 liang.xiaoyan, 郑凯 zheng.kai, 黄雅琴 huang.yaqin,
    唐大伟 tang.dawei, 蒋丽华 jiang.lihua, 马俊峰 ma.junfeng, 白玉兰 bai.yulan
"""

# Six a team, in the order of the units.
REPS = """
    陈静 chen.jing, 王磊 wang.lei, 顾佳怡 gu.jiayi, 徐明 xu.ming, 张晓东 zhang.xiaodong, 朱琳 zhu.lin,
    李强 li.qiang, 孙悦 sun.yue, 胡文博 hu.wenbo, 姚瑶 yao.yao, 曹阳 cao.yang, 蔡敏 cai.min,
    吴浩 wu.hao, 俞晨 yu.chen, 方志明 fang.zhiming, 金娜 jin.na, 楼晓峰 lou.xiaofeng, 汪洁 wang.jie,
    鲍军 bao.jun, 叶子涵 ye.zihan, 邵伟 shao.wei, 严冬梅 yan.dongmei, 傅斌 fu.bin, 童欣 tong.xin,
    关志豪 guan.zhihao, 谭丽 tan.li, 邓家辉 deng.jiahui, 冯倩 feng.qian, 曾宪民 zeng.xianmin,
    欧阳雪 ouyang.xue,
    麦俊杰 mai.junjie, 苏敏仪 su.minyi, 江涛 jiang.tao, 黎思敏 li.simin, 余建军 yu.jianjun,
    潘玲 pan.ling,
    彭飞 peng.fei, 刘思思 liu.sisi, 袁野 yuan.ye, 廖晓君 liao.xiaojun, 钟伟明 zhong.weiming,
    卢燕 lu.yan,
    林小雨 lin.xiaoyu, 赖志刚 lai.zhigang, 魏然 wei.ran, 丁玲 ding.ling, 温立新 wen.lixin,
    程璐 cheng.lu,
    杨帆 yang.fan, 邹红 zou.hong, 龙海涛 long.haitao, 文静 wen.jing, 付强 fu.qiang, 向阳 xiang.yang,
    谢军 xie.jun, 宋佳 song.jia, 雷鸣 lei.ming, 万芳 wan.fang, 段宏 duan.hong, 尹小兰 yin.xiaolan,
    秦峰 qin.feng, 高洁 gao.jie, 韩磊 han.lei, 薛宁 xue.ning, 侯建国 hou.jianguo, 任艳 ren.yan,
    贺新 he.xin, 田甜 tian.tian, 郝云 hao.yun, 苗苗 miao.miao, 康健 kang.jian, 乔娜 qiao.na
"""

PRODUCTS = (("流量计", 26_000), ("气体分析仪", 48_000), ("在线监测站", 92_000), ("年度校准服务", 15_000))
INDUSTRIES = ("机电", "化工", "食品", "制药", "环保", "水务", "电力", "钢铁", "纺织", "汽配")

# Two of the one and one of the other make a customer: 上海恒远化工有限公司.
NAME_STARTS = "恒宏鑫瑞华盛金东新中天海明正永嘉德兴隆安"
NAME_ENDS = "远达泰丰源通业宇成润辉信利康和泽峰博科创"

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
TITLES = ("先生", "女士", "经理", "主任", "工程师")
DECISION_MAKERS = ("总经理", "采购总监", "设备部长", "厂长")
ROLES = ("采购经理", "设备主管", "技术总监", "总经理", "车间主任")
PURPOSES = ("演示样机", "确认技术方案", "商谈价格", "介绍新产品", "复核选型")
OUTCOMES = ("认可方案，要报价", "想先试用一台", "预算下月批", "要对比两家", "同意安排测试")
NEXT_STEPS = ("发送报价", "带样机测试", "约技术交流", "请总经理面谈", "提交合同草案")
FIRST_CONTACTS = ("展会交谈", "电话沟通需求", "老客户介绍", "上门拜访")
MATERIALS = ("现场工况表", "招标文件", "工艺流程图", "设备清单")
LOST_REASONS = ("价格", "选了同行", "项目取消", "预算冻结")

# New Year's Eve to the sixth day of Spring Festival is a week; its first day is lunar.
SPRING_FESTIVALS = {
    2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}


def people(text):
    """[(name, handle)] of a list of names."""
    return [tuple(person.split()) for person in text.split(",")]
