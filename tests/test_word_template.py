"""An office's own template: its styles by name, its page and letterhead, and one clear line where it cannot be used."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from drafter.cli import run
from drafter.errors import SettingsError
from drafter.exporters import DocxExporter
from drafter.exporters.word.styles import ROLES, own_styles, resolve
from drafter.exporters.word.template import open_template, own_sheet
from drafter.plugins import load_registry
from drafter.settings import Settings, load_settings
from tests.test_bad_input import LOCKED_WORD, OLD_WORD
from tests.test_docx import packed, written
from tests.test_word_pages import everything, styled, valid

DOCUMENT = b"wordprocessingml.document.main+xml"


def template(path: Path, *styles: str, text: tuple[str, ...] = ("旧文字",)) -> Path:
    """A .docx of python-docx's, with these paragraph styles of the office's own."""
    document = docx.Document()
    for name in styles:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size = Pt(15)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "华文楷体")
    document.sections[0].left_margin = Mm(40)
    document.sections[0].header.paragraphs[0].text = "竹溪镇人民政府"
    for line in text:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def repacked(path: Path, old: bytes, new: bytes, **parts: bytes) -> Path:
    """The file with its content types changed, and further parts."""
    packed_anew = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(packed_anew, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(old, new) if name == "[Content_Types].xml" else data)
        for name, data in parts.items():
            after.writestr(name, data)
    path.write_bytes(packed_anew.getvalue())
    return path


def laid_into(path: Path, plain: dict[str, Any], *, contents: bool = False) -> Any:
    out = path.parent / "r.docx"
    DocxExporter(open_template(path), contents).write(everything(plain), out)
    return docx.Document(str(out))


def test_styles_are_taken_by_name_and_the_page_is_the_templates(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    document = laid_into(template(tmp_path / "模板.docx", "公文正文", "一级标题", "发文机关署名"), plain)
    shown = dict(reversed([(text, style) for style, text in styled(document)]))
    assert shown["一、主要工作"] == "一级标题"
    assert shown["竹溪镇"] == "发文机关署名"
    assert shown["竹溪镇2024年上半年防汛备汛工作情况汇报"] == "Title", "the template's built-in one"
    assert "旧文字" not in shown
    assert document.sections[0].left_margin.mm == pytest.approx(40, abs=0.1)
    assert document.sections[0].header.paragraphs[0].text == "竹溪镇人民政府"
    assert document.styles["一级标题"].font.size.pt == 15
    # a style without a level says nothing to the navigation pane, so the paragraph does
    heading = next(place for place in document.paragraphs if place.text == "一、主要工作")
    assert heading._p.xpath("w:pPr/w:outlineLvl/@w:val") == ["0"]
    assert not next(p for p in document.paragraphs if p.text == "（一）甲")._p.xpath("w:pPr/w:outlineLvl")
    assert valid((tmp_path / "r.docx").read_bytes(), tmp_path) == []


def test_what_the_template_lacks_is_named_and_is_as_in_drafters_own(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    path = template(tmp_path / "模板.docx", "公文正文", "主送机关", "成文日期")
    document = laid_into(path, plain)
    own = written(everything(plain), tmp_path)
    notice = DocxExporter(open_template(path)).notices()[0]
    assert notice.startswith("模板.docx：模板里没有这些样式，用了 drafter 自带的：发文字号（发文字号）、")
    assert "署名（发文机关署名 或 署名 或 Signature）" in notice
    assert not {"正文（", "主送机关（", "标题（公文标题", "成文日期（"} & {notice}
    for name in ("附件说明", "附件标题", "发文字号", "Signature"):
        there, ours = document.styles[name], own.styles[name]
        assert there.base_style is None, "the template's Normal has no say in it"
        assert there.font.size == (ours.font.size or Pt(16 if name != "附件标题" else 22))
        assert there.paragraph_format.line_spacing is not None
        fonts = there.element.xpath("w:rPr/w:rFonts/@w:eastAsia")
        assert fonts == ["方正小标宋简体" if name == "附件标题" else "仿宋"]


def test_a_template_with_all_styles_has_no_notice(tmp_path: Path) -> None:
    own_sheet().document.save(str(tmp_path / "自带.docx"))
    opened = open_template(tmp_path / "自带.docx")
    assert opened.missing == ()
    assert opened.notice() == ""
    assert set(opened.fonts) == {"仿宋", "方正小标宋简体", "黑体", "楷体"}


def test_every_style_can_be_added_to_a_file_that_has_none(tmp_path: Path) -> None:
    document = docx.Document()
    for style in list(document.styles.element.iter(qn("w:style"))):
        if style.get(qn("w:default")) != "1":
            style.getparent().remove(style)
    # Word 2010's second copy of the styles of python-docx's file
    effects = next(each for each in document.part.rels.values() if each.reltype.endswith("stylesWithEffects"))
    del document.part.rels[effects.rId]
    before = [style.get(qn("w:styleId")) for style in own_styles().iter(qn("w:style"))]
    styles, added = resolve(document.styles.element)
    assert added == list(ROLES)
    assert styles.levels == {}
    document.save(str(tmp_path / "r.docx"))
    assert valid((tmp_path / "r.docx").read_bytes(), tmp_path) == []
    assert before == [style.get(qn("w:styleId")) for style in own_styles().iter(qn("w:style"))]


def test_a_style_of_another_kind_or_with_the_same_id_is_no_match(tmp_path: Path) -> None:
    document = docx.Document()
    odd = document.styles.add_style("公文标题", WD_STYLE_TYPE.CHARACTER)
    taken = document.styles.add_style("随便", WD_STYLE_TYPE.PARAGRAPH)
    taken.element.set(qn("w:styleId"), "AnnexMark")
    styles, added = resolve(document.styles.element)
    assert styles.ids["title"] == "Title" != odd.style_id
    assert "annex mark" in added
    assert styles.ids["annex mark"] == "AnnexMarkDrafter"


def test_the_letterhead_around_the_place_of_the_report_stays(plain: dict[str, Any], tmp_path: Path) -> None:
    path = template(tmp_path / "红头.docx", text=("竹溪镇人民政府文件", "{{报告}}", "抄送：各村"))
    lines = [text for _, text in styled(laid_into(path, plain, contents=True))]
    assert lines[0] == "竹溪镇人民政府文件"
    assert lines[1] == "目　录"
    assert lines[-2:] == ["说明。", "抄送：各村"]
    assert "{{报告}}" not in lines


def test_comments_and_names_of_the_template_do_not_go_out_with_the_report(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    path = template(tmp_path / "t.docx", text=("抬头", "{{报告}}"))
    document = docx.Document(str(path))
    document.add_comment(document.paragraphs[0].runs, "内部意见", author="王五")
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    other = document.part._settings_part.relate_to(
        "file:///C:/Users/王五/Normal.dotm", relation, is_external=True
    )
    attached = OxmlElement("w:attachedTemplate")
    attached.set(qn("r:id"), other)
    document.settings.element.insert_element_before(attached, "w:defaultTabStop", "w:compat")
    document.core_properties.author = document.core_properties.last_modified_by = "王五"
    document.save(str(path))
    made = laid_into(path, plain)
    assert {comment.author for comment in made.comments} == {"drafter"}
    content = (tmp_path / "r.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any("王五".encode() in archive.read(name) for name in archive.namelist())
    assert valid(content, tmp_path) == []


def test_a_dotx_is_as_good(plain: dict[str, Any], tmp_path: Path) -> None:
    path = template(tmp_path / "模板.dotx", "公文正文")
    repacked(path, DOCUMENT, DOCUMENT.replace(b"document", b"template"))
    laid_into(path, plain)
    with zipfile.ZipFile(tmp_path / "r.docx") as archive:
        assert DOCUMENT in archive.read("[Content_Types].xml")


def test_the_same_report_in_a_template_gives_the_same_bytes(plain: dict[str, Any], tmp_path: Path) -> None:
    path = template(tmp_path / "模板.docx", "公文正文")
    laid_into(path, plain)
    first = (tmp_path / "r.docx").read_bytes()
    laid_into(path, plain)
    assert (tmp_path / "r.docx").read_bytes() == first


def macros(path: Path) -> None:
    repacked(template(path), DOCUMENT, b"ms-word.document.macroEnabled.main+xml")


def hidden_macros(path: Path) -> None:
    kind = b'<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    repacked(template(path), b"</Types>", kind, **{"word/vbaProject.bin": b"x"})


def cut(path: Path) -> None:
    path.write_bytes(template(path).read_bytes()[:-60])


def without_styles_xml(path: Path) -> None:
    template(path)
    content = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(content, "w") as after:
        for name in before.namelist():
            after.writestr(name, b"<broken" if name == "word/styles.xml" else before.read(name))
    path.write_bytes(content.getvalue())


def spreadsheet(path: Path) -> None:
    repacked(template(path), b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "找不到这个文件"),
        (lambda path: path.mkdir(), ""),
        (lambda path: path.touch(), "文件是空的"),
        (lambda path: path.write_text("不是压缩包", "utf-8"), "文件已损坏"),
        (lambda path: path.write_bytes(LOCKED_WORD), "密码"),
        (lambda path: path.write_bytes(OLD_WORD), "另存为"),
        (lambda path: packed(path, "<w:p/>"), "文件已损坏"),
        (cut, "文件已损坏"),
        (without_styles_xml, "文件已损坏"),
        (spreadsheet, "不是 Word 文件或模板"),
        (macros, "模板带有宏"),
        (hidden_macros, "模板带有宏"),
    ],
)
def test_a_template_that_is_no_good_is_named_in_one_line_before_anything_is_drafted(
    plain: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Any, said: str
) -> None:
    path = tmp_path / "坏.docx"
    make(path)
    with pytest.raises(SettingsError) as raised:
        open_template(path)
    assert str(raised.value).startswith(f"docx_template：{path}：")
    assert said in str(raised.value)
    facts = tmp_path / "账.json"
    facts.write_text(json.dumps(plain), "utf-8")
    assert run(["draft", str(facts), "--docx-template", str(path)]) == 2
    err = capsys.readouterr().err.strip()
    assert err.startswith("错误：docx_template")
    assert "\n" not in err
    assert not (tmp_path / "账-draft").exists()


def test_the_command_uses_template_and_contents_and_says_what_was_missing(
    plain: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "drafter.exporters.docx.missing_fonts", lambda names: [name for name in names if "楷" in name]
    )
    facts = tmp_path / "账.json"
    facts.write_text(json.dumps(plain), "utf-8")
    path = template(tmp_path / "模板.docx", "公文正文")
    arguments = ["--docx-template", str(path), "--docx-contents", "--format", "docx"]
    assert run(["draft", str(facts), *arguments]) == 0
    err = capsys.readouterr().err.strip().split("\n")
    assert err[-2].startswith("提醒：模板.docx：模板里没有这些样式")
    assert err[-1] == "提醒：本机没有字体 楷体、华文楷体，在本机打开 Word 文件时显示的是别的字体"
    document = docx.Document(str(tmp_path / "账-draft" / "report.docx"))
    assert document.paragraphs[0].text == "目　录"
    assert "公文正文" in {place.style.name for place in document.paragraphs}
    assert run(["batch", str(facts), "-o", str(tmp_path / "批"), *arguments]) == 0
    assert capsys.readouterr().err.count("模板里没有这些样式") == 1
    assert docx.Document(str(tmp_path / "批" / "账" / "report.docx")).paragraphs[0].text == "目　录"
    assert run(["draft", str(facts), "-o", str(tmp_path / "md"), "--format", "md"]) == 0
    assert "字体" not in capsys.readouterr().err


def test_a_program_configures_the_exporter(plain: dict[str, Any], tmp_path: Path) -> None:
    path = template(tmp_path / "模板.docx", "公文正文")
    settings = Settings(docx_template=str(path), docx_contents=True)
    word: Any = load_registry().exporters["docx"]
    word.configured(settings).write(everything(plain), tmp_path / "r.docx")
    document = docx.Document(str(tmp_path / "r.docx"))
    assert document.paragraphs[0].text == "目　录"
    assert "公文正文" in {place.style.name for place in document.paragraphs}


def test_the_template_is_the_users_own_setting(tmp_path: Path) -> None:
    own = tmp_path / "mine" / "settings.toml"
    own.parent.mkdir()
    own.write_text('docx_template = "模板.docx"\ndocx_contents = true\n', "utf-8")
    settings = load_settings(folder=tmp_path, user_file=own, environ={})
    assert (settings.docx_template, settings.docx_contents) == (str(own.parent / "模板.docx"), True)
    (tmp_path / "drafter.toml").write_text('docx_template = "/etc/hosts"\n', "utf-8")
    with pytest.raises(SettingsError, match="此处不能设置 docx_template"):
        load_settings(folder=tmp_path, user_file=own, environ={})
    (tmp_path / "drafter.toml").write_text("docx_contents = false\n", "utf-8")
    assert not load_settings(folder=tmp_path, user_file=own, environ={}).docx_contents
    assert Settings().docx_template == ""
