"""QTI items in the shapes other software writes."""

from __future__ import annotations

TAO = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" xmlns:m="http://www.w3.org/1998/Math/MathML"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
  identifier="i6011423ba1e83975" title="Câu về QR" label="Câu về QR" xml:lang="en-US" adaptive="false"
  timeDependent="false" toolName="TAO" toolVersion="3.4.0">
  <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier">
    <correctResponse>
      <value><![CDATA[choice_2]]></value>
      <value><![CDATA[choice_1]]></value>
    </correctResponse>
    <mapping defaultValue="0">
      <mapEntry mapKey="choice_1" mappedValue="1"/>
      <mapEntry mapKey="choice_2" mappedValue="1"/>
      <mapEntry mapKey="choice_3" mappedValue="-1"/>
    </mapping>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="2"/>
  <outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">
    <defaultValue><value>2</value></defaultValue>
  </outcomeDeclaration>
  <outcomeDeclaration identifier="FEEDBACKBASIC" cardinality="single" baseType="identifier"/>
  <stylesheet href="style/custom/tao-user-styles.css" type="text/css" media="all" title=""/>
  <itemBody>
    <div class="grid-row">
      <div class="col-12">
        <p>Anh Nam quét mã <strong>QR</strong> ở chợ.</p>
        <img src="anh/qr.png" alt="Mã QR" width="100%"/>
        <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0" minChoices="0" orientation="vertical">
          <prompt>Anh nên làm gì?</prompt>
          <simpleChoice identifier="choice_1" fixed="false" showHide="show">Xem tên <em>người nhận</em></simpleChoice>
          <simpleChoice identifier="choice_2" fixed="false" showHide="show">Hỏi người bán<feedbackInline
            identifier="choice_2" outcomeIdentifier="FEEDBACK" showHide="show">Cẩn thận không thừa.</feedbackInline></simpleChoice>
          <simpleChoice identifier="choice_3" fixed="false" showHide="show">Đọc mã OTP</simpleChoice>
        </choiceInteraction>
      </div>
    </div>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/PROCESSING"/>
</assessmentItem>
"""

V3_NUMBER = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="so-tinh" title="Số tỉnh"
  adaptive="false" time-dependent="false" xml:lang="vi">
  <qti-response-declaration identifier="R1" cardinality="single" base-type="float">
    <qti-correct-response><qti-value>34</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float">
    <qti-default-value><qti-value>0</qti-value></qti-default-value>
  </qti-outcome-declaration>
  <qti-item-body>
    <p>Cả nước có <qti-text-entry-interaction response-identifier="R1" expected-length="3"/> tỉnh, thành.</p>
  </qti-item-body>
  <qti-response-processing>
    <qti-response-condition>
      <qti-response-if>
        <qti-equal tolerance-mode="TOLERANCE">
          <qti-variable identifier="R1"/><qti-correct identifier="R1"/>
        </qti-equal>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">2</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
      <qti-response-else-if>
        <qti-equal tolerance-mode="exact"><qti-variable identifier="R1"/><qti-base-value base-type="float">63</qti-base-value></qti-equal>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>
      </qti-response-else-if>
      <qti-response-else>
        <qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">0</qti-base-value></qti-set-outcome-value>
      </qti-response-else>
    </qti-response-condition>
  </qti-response-processing>
</qti-assessment-item>
"""


def item(interaction: str, correct: str, *, declaration: str = 'cardinality="single" baseType="identifier"', more: str = "",
         processing: str = "match_correct", after: str = "") -> str:  # fmt: skip
    """A small item of 2.2 around one interaction."""
    values = "".join(f"<value>{one}</value>" for one in correct.split(";") if one)
    template = (
        processing
        if processing.startswith("<") or not processing
        else f'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/{processing}"/>'
    )
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="q-1" title="q-1">'
        f'<responseDeclaration identifier="RESPONSE" {declaration}><correctResponse>{values}</correctResponse>{more}'
        f"</responseDeclaration><itemBody><p>Hỏi?</p>{interaction}</itemBody>{template}{after}</assessmentItem>"
    )


def choices(*texts: str, most: str = "1", tag: str = "choiceInteraction") -> str:
    """A choice interaction with the identifiers a, b, c …"""
    listed = "".join(
        f'<simpleChoice identifier="{"abcdefghij"[place]}">{text}</simpleChoice>' for place, text in enumerate(texts)
    )
    return f'<{tag} responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">{listed}</{tag}>'


MATCH = (
    '<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="0"><simpleMatchSet>'
    '<simpleAssociableChoice identifier="x" matchMax="1">VNeID</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="y" matchMax="1">DTI</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>'
    '<simpleAssociableChoice identifier="p" matchMax="1">Định danh</simpleAssociableChoice>'
    '<simpleAssociableChoice identifier="q" matchMax="1">Chỉ số</simpleAssociableChoice></simpleMatchSet></matchInteraction>'
)
PAIRS = 'cardinality="multiple" baseType="directedPair"'
ENTRY = '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
MANIFEST = """<?xml version="1.0"?><manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">
<metadata><schema>QTIv2.1 Package</schema><lom><general><title><string language="vi">Đề kiểm tra</string></title></general></lom></metadata>
<organizations/><resources>{}</resources></manifest>"""


def resource(href: str, kind: str = "imsqti_item_xmlv2p1") -> str:
    """One entry of a manifest."""
    return f'<resource identifier="r" type="{kind}" href="{href}"><file href="{href}"/></resource>'
