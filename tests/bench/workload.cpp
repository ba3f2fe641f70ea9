#include "tests/bench/workload.h"

#include <cstdio>
#include <string_view>
#include <unordered_map>

namespace banyan::bench {
namespace {

using Words = std::vector<std::string>;

Words split(std::string_view text) {
  Words out(1);
  for (const char c : text) {
    if (c == ' ') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

// One character of three bytes each.
Words characters(std::string_view text) {
  Words out;
  for (std::size_t i = 0; i < text.size(); i += 3) out.emplace_back(text.substr(i, 3));
  return out;
}

const Words& surnames() {
  static const Words kWords = split(
      "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 "
      "彭 曾 肖 田 董 袁 潘 于 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 "
      "欧阳 司马 上官 诸葛");
  return kWords;
}
const Words& given() {
  static const Words kCharacters = characters(
      "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华红梅鑫鹏宇浩然子轩思雨欣怡佳琪梓"
      "涵晨曦博雅俊逸晓东海燕志远春雪");
  return kCharacters;
}
const Words& phrases() {
  static const Words kWords = split(
      "客户偏好稳健型理财 近期有购房计划 已预约下周面谈 希望了解大额存单 代发工资客户 "
      "企业主现金流充裕 子女即将出国留学 对基金波动较敏感 "
      "贵金属业务有兴趣 信用卡额度待提升 保险配置尚不完整 已签署风险揭示书 资金三个月内到期 "
      "他行资产占比较高 电话未接改发短信 推荐亲友两名 "
      "证件需要更新 对手机银行不熟悉 倾向线下网点办理 年终奖金预计入账 房贷提前还款咨询 "
      "养老金账户待开立 家庭信托意向客户 节假日不便联系");
  return kWords;
}

const std::string& pick(Draw& draw, const Words& words) {
  return words[draw.below(static_cast<std::uint32_t>(words.size()))];
}

template <class... Numbers>
std::string format(const char* pattern, Numbers... numbers) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, pattern, numbers...);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string make_id(Draw& draw) {
  const std::uint64_t high = (draw.next() & 0xFFFFFFFFFFFF0FFF) | 0x4000;
  const std::uint64_t low = (draw.next() & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000;
  return format("%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFFF),
                static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFF));
}

std::string make_name(Draw& draw) {
  std::string name = pick(draw, surnames());
  for (std::uint32_t left = 1 + draw.below(2); left > 0; --left) name += pick(draw, given());
  return name;
}

std::string make_birth_date(Draw& draw) {
  const unsigned year = 1940 + draw.below(66);
  const unsigned month = 1 + draw.below(12);
  const unsigned day = 1 + draw.below(28);
  return format("%04u-%02u-%02u", year, month, day);
}

// GB 11643. Region 99 does not exist, so no number belongs to a person.
std::string make_id_number(Draw& draw, const std::string& birth, bool male) {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const unsigned region = draw.below(10'000);
  const unsigned sequence = 2 * draw.below(500) + (male ? 1 : 0);
  std::string digits = format("99%04u", region) + birth.substr(0, 4) + birth.substr(5, 2) +
                       birth.substr(8, 2) + format("%03u", sequence);
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (digits[i] - '0') * kWeights[i];
  return digits + "10X98765432"[sum % 11];
}

std::string make_aum(Draw& draw) {
  std::uint64_t bound = 1;
  for (std::uint32_t digits = 5 + draw.below(7); digits > 0; --digits) bound *= 10;
  return std::to_string(draw.next() % bound);
}

std::string make_note(Draw& draw) {
  std::string note = pick(draw, phrases());
  for (int i = 0; i < 4; ++i) note += "，" + pick(draw, phrases());
  return note;
}

std::string make_value(Draw& draw, Column column) {
  static const Words kStates = split("pending verified review expired rejected");
  switch (column) {
    case kPhone: return format("10%09u", draw.below(1'000'000'000));
    case kBranch: return format("BR%04u", 1 + draw.below(200));
    case kOfficer: return format("RM%05u", 1 + draw.below(3'000));
    case kRisk: return format("R%u", 1 + draw.below(5));
    case kAum: return make_aum(draw);
    case kKyc: return pick(draw, kStates);
    default: return make_note(draw);
  }
}

Customer make_customer(Draw& draw) {
  Customer customer;
  customer[kId] = make_id(draw);
  customer[kName] = make_name(draw);
  const bool male = draw.below(2) == 0;
  customer[kGender] = male ? "M" : "F";
  customer[kBirthDate] = make_birth_date(draw);
  customer[kIdNo] = make_id_number(draw, customer[kBirthDate], male);
  for (const Column column : {kPhone, kBranch, kOfficer, kRisk, kAum, kKyc, kNote}) {
    customer[column] = make_value(draw, column);
  }
  return customer;
}

}  // namespace

std::uint64_t Draw::next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

std::uint32_t Draw::below(std::uint32_t n) {
  return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32);
}

std::vector<Customer> make_customers(std::uint32_t count) {
  Draw draw(0x43524D31);
  std::vector<Customer> out;
  out.reserve(count);
  while (out.size() < count) out.push_back(make_customer(draw));
  return out;
}

std::vector<Edit> make_edits(std::uint64_t seed, const std::vector<Customer>& customers,
                             std::uint32_t count) {
  constexpr Column kEdited[] = {kPhone, kOfficer, kAum, kKyc, kNote};
  Draw draw(seed);
  std::unordered_map<std::size_t, std::string> current;
  std::vector<Edit> out;
  out.reserve(count);
  while (out.size() < count) {
    Edit edit;
    edit.customer = draw.below(static_cast<std::uint32_t>(customers.size()));
    edit.column = kEdited[draw.below(5)];
    const auto [at, fresh] = current.try_emplace(edit.customer * kColumns + edit.column,
                                                 customers[edit.customer][edit.column]);
    do edit.value = make_value(draw, edit.column);
    while (edit.value == at->second);
    at->second = edit.value;
    out.push_back(std::move(edit));
  }
  return out;
}

}  // namespace banyan::bench
