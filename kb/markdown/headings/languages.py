"""The labels and cues of other languages, in the same shape as those of `synonyms`."""

# ruff: noqa: RUF001 - labels of other alphabets look like Latin letters by nature

from __future__ import annotations

from kb.markdown.document import SectionKind

# German, French, Spanish, Portuguese, Italian, Russian, Chinese, Japanese, Korean, in that order.
LABELS: tuple[tuple[SectionKind, str], ...] = (
    (
        "error",
        """fehler; fehlermeldung; fehlermeldungen; fehlercode; fehlercodes; fehlertext; erreur;
        message d'erreur; messages d'erreur; code d'erreur; mensaje de error; mensajes de error;
        código de error; texto del error; erro; mensagem de erro; mensagens de erro;
        código de erro; errore; messaggio di errore; messaggi di errore; codice di errore; ошибка;
        текст ошибки; сообщение об ошибке; код ошибки; лог ошибки; 错误; 错误信息; 错误日志;
        错误提示; 报错; 报错信息; 报错日志; 錯誤; 錯誤訊息; エラー; エラーメッセージ; エラー内容;
        エラーログ; 오류; 오류 메시지; 에러; 에러 메시지; 에러 로그; foutmelding; błąd;
        komunikat o błędzie""",
    ),
    (
        "symptoms",
        """symptome; beschreibung; problembeschreibung; beschreibung des problems;
        kurzbeschreibung; zusammenfassung; fehlerbild; fehlerbeschreibung; überblick; übersicht;
        symptômes; symptôme; problème; description du problème; résumé; contexte; constat;
        síntomas; síntoma; problema; descripción; descripción del problema; resumen;
        resumen ejecutivo; descripción del incidente; descripción general; sintomas; sintoma;
        descrição; descrição do problema; resumo; resumo executivo; sumário; visão geral; sintomi;
        descrizione; descrizione del problema; sintesi; riepilogo; panoramica; симптомы; симптом;
        проблема; описание; описание проблемы; резюме; кратко; краткое описание;
        краткое содержание; сводка; 症状; 现象; 问题; 问题描述; 问题现象; 故障现象; 故障描述;
        概述; 概要; 摘要; 背景; 问题背景; 問題; 問題描述; 現象; 事象; 発生事象; 症狀; 問題点;
        증상; 현상; 문제; 문제 상황; 문제 설명; 요약; 개요; 배경; symptomen; probleem;
        samenvatting; objawy; problem; opis; podsumowanie""",
    ),
    (
        "environment",
        """umgebung; systeminformationen; betroffene versionen; voraussetzungen; testumgebung;
        environnement; versions concernées; prérequis; entorno; versiones afectadas;
        requisitos previos; requisitos; ambiente; versões afetadas; pré-requisitos;
        versioni interessate; prerequisiti; окружение; среда; версии; требования; 环境; 环境信息;
        运行环境; 版本; 前提条件; 環境; 動作環境; 発生環境; 実行環境; バージョン; 환경; 실행 환경;
        버전; omgeving; środowisko""",
    ),
    (
        "impact",
        """auswirkung; auswirkungen; betroffene systeme; betroffene benutzer; betroffene nutzer;
        schweregrad; folgen; conséquences; gravité; services impactés; utilisateurs impactés;
        impacto; impacto en usuarios; evaluación del impacto; usuarios afectados;
        servicios afectados; severidad; gravedad; nivel de severidad; alcance; consecuencias;
        usuários afetados; serviços afetados; severidade; gravidade; duração; consequências;
        impatto; gravità; utenti interessati; servizi interessati; conseguenze; влияние;
        последствия; масштаб; кто пострадал; затронутые сервисы; критичность; 影响; 影响范围;
        故障影响; 业务影响; 故障等级; 严重程度; 影響; 影響範囲; 影響範圍; 影響ユーザー; 重要度;
        영향; 영향 범위; 심각도; 장애 영향; gevolgen; wpływ; skutki""",
    ),
    (
        "detection",
        """erkennung; entdeckung; warnzeichen; warnsignale; überwachung; détection;
        signes d'alerte; surveillance; supervision; detección; señales de alerta; monitoreo;
        monitorización; detecção; sinais de alerta; monitoramento; monitorização; rilevamento;
        segnali di allarme; monitoraggio; обнаружение; как обнаружили; мониторинг; алерты; 检测;
        发现; 发现方式; 监控; 告警; 监控告警; 検知; 検知方法; 発見; 監視; 감지; 탐지; 모니터링;
        알림; detectie; wykrycie""",
    ),
    (
        "diagnosis",
        """fehleranalyse; diagnose; analyse; untersuchung; fehlersuche; diagnoseschritte;
        fehlerbehebung; problemlösung; problembehebung; diagnostic; étapes de diagnostic; enquête;
        dépannage; preuves; solución de problemas; diagnóstico; análisis; pasos de diagnóstico;
        investigación; evidencias; evidencia; resolução de problemas; solução de problemas;
        risoluzione dei problemi; análise; investigação; passos de diagnóstico; evidências;
        diagnosi; analisi; indagine; диагностика; первичная диагностика; анализ; отладка;
        расследование; что проверить; устранение неполадок; устранение проблем; 排查; 排查步骤;
        排查过程; 诊断; 定位; 定位过程; 问题定位; 问题分析; 问题排查; 故障排查; 分析; 分析过程;
        トラブルシューティング; 調査; 診断; 切り分け; 調査内容; 確認事項; 문제 해결; 트러블슈팅;
        진단; 분석; 분석 과정; 조사; 원인 파악 과정; 확인 사항; diagnostyka""",
    ),
    (
        "cause",
        """ursache; ursachen; grund; gründe; grundursache; hauptursache; mögliche ursachen;
        mögliche ursache; ursachenanalyse; fehlerursache; auslöser; warum passiert das; cause;
        cause racine; causes racines; cause première; cause profonde; causes profondes;
        causes possibles; causes probables; cause probable; analyse des causes; raison; origine;
        facteurs contributifs; pourquoi; analyse de la cause racine; causa; causas; causa raíz;
        causas raíz; análisis de la causa raíz; análisis de causa raíz; causas posibles;
        posibles causas; factores contribuyentes; origen; motivo; causa raiz; causas raiz;
        causa raiz e fatores contribuintes; análise de causa raiz; análise da causa raiz;
        causas possíveis; possíveis causas; fatores contribuintes; origem; causa principale;
        causa radice; cause principali; cause possibili; possibili cause;
        analisi della causa radice; analisi causa radice; fattori contribuenti; причина; причины;
        корневая причина; первопричина; возможные причины; причина ошибки; причина проблемы;
        почему это произошло; почему так произошло; анализ причин; 原因; 根本原因; 根因; 根因分析;
        根本原因分析; 直接原因; 原因分析; 故障原因; 问题原因; 可能原因; 問題の原因; 真因;
        発生原因; 考えられる原因; 원인; 근본 원인; 원인 분석; 실제 원인; 직접 원인; 발생 원인;
        oorzaak; oorzaken; przyczyna; przyczyny; przyczyna źródłowa""",
    ),
    (
        "fix",
        """lösung; lösungen; lösungsweg; lösungsansatz; lösungsvorschlag; behebung;
        schritte zur behebung; abhilfe; maßnahme; sofortmaßnahmen; umgehung; wiederherstellung;
        ursache und lösung; correctif; correction; corrections; résolution; comment corriger;
        comment résoudre; contournement; solution de contournement; remédiation;
        actions immédiates; étapes; solution proposée; rétablissement; cause et solution;
        causes et solutions; solución; soluciones; solución propuesta; arreglo; resolución;
        corrección; mitigación; solución temporal; solución alternativa; cómo solucionarlo; pasos;
        acciones inmediatas; acciones tomadas; respuesta; recuperación; remediación;
        procedimiento; causa y solución; solução; soluções; correção; resolução; mitigação;
        como resolver; como corrigir; passos; solução de contorno; solução temporária;
        ações imediatas; ações tomadas; recuperação; procedimento; causa e solução; soluzione;
        soluzioni; risoluzione; correzione; mitigazione; come risolvere; soluzione temporanea;
        azioni intraprese; ripristino; procedura; causa e soluzione; решение; решения;
        решение проблемы; исправление; устранение; способы решения; варианты решения;
        как исправить; как решить; как починить; обходное решение; обходной путь; что сделали;
        что сделано; что делать; восстановление; причина и решение; 解决; 解决方案; 解决方法;
        解决办法; 解决措施; 解决步骤; 解决过程; 修复; 修复方案; 修复方法; 处理; 处理过程;
        处理方案; 处理方法; 处理措施; 处置; 处置过程; 应急措施; 应急处理; 临时方案; 临时措施;
        恢复; 恢复措施; 规避方案; 对策; 解決; 解決策; 解決方法; 解決手順; 解決方案; 対処; 対処法;
        対処方法; 対応; 対応内容; 対応策; 暫定対処; 暫定対応; 恒久対応; 恒久対策; 応急処置;
        回避策; 復旧; 復旧手順; 復旧作業; 修正; 修正内容; 해결; 해결 방법; 해결 방안; 해결책;
        해결 과정; 조치; 조치 사항; 즉시 조치; 영구 조치; 임시 조치; 대응; 복구; 복구 절차;
        수정 사항; oplossing; rozwiązanie; obejście""",
    ),
    (
        "alternatives",
        """alternativen; alternativlösungen; alternative lösungen; alternatives; autres solutions;
        alternativas; otras opciones; otras soluciones; outras opções; alternative soluzioni;
        soluzioni alternative; altre opzioni; альтернативы; альтернативные решения;
        другие варианты; 替代方案; 其他方案; 备选方案; 代替案; 代替策; 他の方法; 대안; 다른 방법;
        alternatieven""",
    ),
    (
        "verification",
        """überprüfung; prüfung; verifizierung; verifikation; vérification; validation;
        verificación; comprobación; validación; cómo verificar; verificação; validação; testes;
        verifica; verifiche; collaudo; проверка; проверка решения; как проверить; 验证; 验证方法;
        验证结果; 確認; 確認方法; 動作確認; 検証; 検証方法; 확인; 검증; 확인 방법; 테스트;
        verificatie; weryfikacja""",
    ),
    (
        "lessons",
        """lehren; erkenntnisse; gelernte lektionen; was wir gelernt haben; lernpunkte; fazit;
        leçons; leçons apprises; leçons tirées; enseignements; bilan; lecciones;
        lecciones aprendidas; aprendizajes; conclusiones; áreas de mejora; lições;
        lições aprendidas; aprendizados; o que poderia melhorar; o que pode melhorar; conclusões;
        lezioni; lezioni apprese; conclusioni; уроки; выводы; извлечённые уроки; что мы узнали;
        教训; 经验教训; 经验总结; 总结; 复盘; 复盘总结; 反思; 经验; 教訓; 学び; 学んだこと;
        得られた教訓; 振り返り; 反省点; まとめ; 교훈; 배운 점; 학습 포인트; 회고; 느낀 점; lessen;
        geleerde lessen; wnioski""",
    ),
    (
        "prevention",
        """vorbeugung; maßnahmen; prävention; nächste schritte; wie vermeiden; empfehlungen;
        vermeidung; aktionspunkte; folgemaßnahmen; korrekturmaßnahmen; prévention;
        mesures préventives; mesures correctives; actions correctives; plan d'action;
        actions préventives; recommandations; comment éviter; prochaines étapes; suivi;
        prevención; acciones; próximos pasos; acciones correctivas; acciones preventivas;
        acciones correctivas y preventivas; plan de acción; cómo prevenir; cómo evitarlo;
        medidas preventivas; recomendaciones; seguimiento; mejoras; prevenção; ações;
        ações corretivas; ações preventivas; ações corretivas e preventivas; plano de ação;
        próximos passos; ações de acompanhamento; como evitar; medidas preventivas; recomendações;
        melhorias; prevenzione; azioni correttive; azioni preventive; prossimi passi;
        piano d'azione; come evitare; raccomandazioni; misure preventive; предотвращение;
        профилактика; как избежать; как предотвратить; план действий; меры; дальнейшие действия;
        что нужно сделать; следующие шаги; рекомендации; задачи; 预防; 预防措施; 改进; 改进措施;
        改进计划; 后续改进; 后续行动; 后续计划; 后续措施; 行动项; 整改措施; 优化措施; 防范措施;
        如何避免; 待办事项; 再発防止; 再発防止策; 予防; 予防策; 今後の対応; 今後の対策; 改善策;
        アクションアイテム; 예방; 재발 방지; 재발 방지 대책; 재발 방지책; 예방 조치; 후속 조치;
        개선 사항; 향후 계획; 액션 아이템; preventie; zapobieganie""",
    ),
    (
        "timeline",
        """zeitleiste; zeitlicher ablauf; zeitlicher verlauf; zeitstrahl; ablauf; verlauf;
        ablauf des vorfalls; chronik; teilnehmer; ansprechpartner; beteiligte; eskalation;
        chronologie; chronologie des événements; déroulement; participants; contacts; escalade;
        cronología; línea de tiempo; línea temporal; participantes; contactos; responsables;
        escalamiento; cronologia; linha do tempo; responsáveis; escalonamento;
        cronologia degli eventi; linea temporale; partecipanti; contatti; хронология;
        хронология событий; таймлайн; участники; контакты; эскалация; ответственные; 时间线;
        时间轴; 故障时间线; 事件经过; 故障经过; 经过; 处理时间线; 参与人员; 负责人; 时间点;
        タイムライン; 時系列; 経緯; 発生経緯; 対応経緯; 参加者; 担当者; 連絡先; 타임라인; 경과;
        발생 경과; 참석자; 담당자; tijdlijn; oś czasu""",
    ),
    (
        "resources",
        """literatur; weiterführende links; quellen; ressourcen; siehe auch; dokumentation;
        weitere informationen; relevante dokumente; zugehörige dokumente; verweise; anhang;
        références; ressources; ressources complémentaires; liens; liens utiles; voir aussi;
        pour en savoir plus; en savoir plus; annexes; referencias; recursos; enlaces;
        enlaces útiles; ver también; documentación; anexos; más información; fuentes;
        recursos adicionales; referências; links úteis; veja também; documentação; saiba mais;
        fontes; evidências anexas; risorse; riferimenti; link utili; vedi anche; documentazione;
        approfondimenti; allegati; ссылки; ресурсы; полезные ссылки; см. также; смотрите также;
        дополнительные материалы; документация; материалы; источники; приложение; 参考; 参考资料;
        参考链接; 参考文档; 参考文献; 相关链接; 相关文档; 相关资料; 相关问题; 附录; 附件;
        参考資料; 参考リンク; 関連リンク; 関連資料; 関連ドキュメント; 関連; 備考; 補足; 참고;
        참고 자료; 참고 링크; 참고 문헌; 관련 링크; 관련 이슈; 관련 문서; 관련 자료; 첨부;
        bronnen; źródła""",
    ),
)

# The labels that mean one thing here and another there, by the rule that settles them.
DOUBLES: tuple[tuple[str, str], ...] = (
    (
        "what happened",
        """was ist passiert; was ist geschehen; que s'est-il passé; ce qui s'est passé; qué pasó;
        qué sucedió; qué ocurrió; o que aconteceu; o que houve; cosa è successo; что случилось;
        что произошло; 发生了什么; 何が起きたか; 何が起きた; 何が起こったか; 무슨 일이 있었나;
        무슨 일이 일어났나""",
    ),
    (
        "what went wrong",
        """was lief schlecht; was schief lief; was ging schief; ce qui a mal fonctionné;
        qué salió mal; o que deu errado; o que falhou; cosa è andato storto; что пошло плохо;
        что пошло не так; 出了什么问题; 何が悪かったか; うまくいかなかったこと; 悪かった点;
        아쉬운 점; 잘못된 점""",
    ),
    (
        "what didn't work",
        """was nicht funktioniert hat; was nicht funktionierte; ce qui n'a pas fonctionné;
        qué no funcionó; lo que no funcionó; o que não funcionou; cosa non ha funzionato;
        что не сработало; что не помогло; 无效的方法; 尝试过的方法; 試したこと; 시도한 것;
        시도한 방법""",
    ),
)

# What a look back praises.
WENT_WELL = """was lief gut; was gut lief; ce qui a bien fonctionné; points positifs;
        qué funcionó bien; qué salió bien; o que funcionou bem; o que deu certo;
        cosa ha funzionato; cosa è andato bene; что прошло хорошо; что сработало; 做得好的;
        做得好的地方; うまくいったこと; 良かった点; 잘한 점; 잘된 점"""

# How words begin that tell a kind, tried together after the English cues.
STEMS: tuple[tuple[SectionKind, str], ...] = (
    ("prevention", "vorbeug|vermeid|präventi|prevenc|prevenç|prevenz|éviter|предотвра|профилакт"),
    ("lessons", "lehren|erkenntnis|leçon|lecci[oó]n|liç|lezion|урок|вывод"),
    ("verification", "überprüf|vérifi|verificac|verificaç|comprob|провер"),
    ("cause", r"\w{0,20}ursache|causas?\b|причин"),
    ("fix", r"\w{0,20}(?:lösung|behebung)|soluci[oó]n|soluç|soluzion|correcci|correç|correzi"),
    ("fix", "résol|решени|исправ|устран|восстанов"),
    ("impact", r"auswirkung|impacto|impatt|влияни|последств"),
    ("timeline", "chronologie|cronolog|хронолог|zeitlich"),
    ("diagnosis", "fehlersuche|untersuch|diagnós|диагност|расслед"),
    ("detection", "detecci|detecç|обнаруж"),
    ("symptoms", r"symptôm|s[ií]ntoma|симптом"),
    ("resources", r"ссылк|liens?\b|enlaces?\b"),
)

# The same for scripts that do not set words apart, tried in order.
SIGNS: tuple[tuple[SectionKind, str], ...] = (
    ("prevention", "再発防止|予防|预防|避免|改进|改善|整改|재발|예방"),
    ("lessons", "教训|教訓|学び|振り返り|复盘|总结|교훈|회고"),
    ("verification", "验证|検証|動作確認|검증"),
    ("cause", "原因|根因|真因|원인"),
    ("fix", "解决|解決|修复|修正|処置|处置|处理|対処|対応|復旧|恢复|해결|조치|복구|대응"),
    ("impact", "影响|影響|영향"),
    ("timeline", "时间线|時系列|経緯|经过|타임라인"),
    ("diagnosis", "排查|诊断|診断|調査|分析|진단|분석"),
    ("detection", "検知|检测|告警|감지"),
    ("symptoms", "现象|現象|症状|증상"),
    ("resources", "参考|链接|リンク|참고"),
)
